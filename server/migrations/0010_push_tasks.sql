-- Push: a task is one request to push to an audience. It is cut into jobs of at most 500 devices, and each job leaves results.

alter table apps add column push smallint not null default 1; -- 0: pushes answer 12006

create table push_tasks (
  app_id text not null references apps (app_id),
  task_id bigint not null,
  request_id text not null default '', -- the caller's own; empty: none
  lane smallint not null, -- 0 messages of chats, 1 everything else; the lower goes first
  audience text not null, -- JSON
  message text not null, -- JSON
  setting text not null, -- JSON
  state smallint not null default 0, -- 0 its audience is being cut into jobs, 1 all jobs are made, 2 cancelled
  paused smallint not null default 0,
  cursor_user bigint not null default 0, -- jobs are made for users up to here
  last_user bigint not null default 0, -- of "all": users that came later are not meant
  devices bigint not null default 0, -- found so far
  claim text not null default '', -- who cuts it
  due_at bigint not null, -- ms; from when on it may be claimed
  not_before bigint not null, -- ms
  expires_at bigint not null, -- ms
  created_at bigint not null, -- ms
  primary key (app_id, task_id)
);
create unique index push_tasks_by_request on push_tasks (app_id, request_id) where request_id <> '';
create index push_tasks_to_cut on push_tasks (lane, due_at) where state = 0 and paused = 0;
create index push_tasks_by_time on push_tasks (app_id, created_at);

create table push_jobs (
  app_id text not null,
  job_id text not null, -- sorts by time
  task_id bigint not null,
  route text not null, -- the notifier's name; empty: the device's own connection alone
  lane smallint not null,
  attempt integer not null default 0, -- tries that have failed
  claim text not null default '', -- who works on it
  due_at bigint not null, -- ms; from when on it may be claimed: of a claimed one, when its claim runs out
  devices text not null, -- JSON list: user, device, badge, user, device, badge …; a badge of -1 says nothing
  primary key (app_id, job_id),
  foreign key (app_id, task_id) references push_tasks (app_id, task_id) on delete cascade
);
create index push_jobs_by_time on push_jobs (lane, due_at);
create index push_jobs_by_task on push_jobs (app_id, task_id, route);

create table push_counts (
  app_id text not null,
  task_id bigint not null,
  kind text not null, -- a channel's figure (apns_sent) or an outcome (quiet_hours)
  devices bigint not null,
  primary key (app_id, task_id, kind),
  foreign key (app_id, task_id) references push_tasks (app_id, task_id) on delete cascade
);

-- What became of the devices of a job; ids and reasons only.
create table push_results (
  app_id text not null,
  task_id bigint not null,
  first_user bigint not null,
  result_id text not null,
  last_user bigint not null,
  at bigint not null, -- ms
  outcomes text not null, -- JSON list of [user, device, channel, outcome, detail]
  primary key (app_id, task_id, first_user, result_id),
  foreign key (app_id, task_id) references push_tasks (app_id, task_id) on delete cascade
);
