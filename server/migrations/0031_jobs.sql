-- What admins have done to many users at once. A job is walked along in parts; each user's outcome is a row, written in
-- the transaction that did it.

create table admin_jobs (
  app_id text not null references apps (app_id),
  job_id bigint not null,
  act text not null, -- ban, unban, kick, tag, untag, export
  tags text not null, -- JSON list
  users text not null, -- JSON list of ids; empty text: whom the filter means
  filter text not null, -- JSON
  state smallint not null default 0, -- 0 to do, 1 done, 2 cancelled
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  address text not null,
  cursor text not null default '', -- where the walk goes on
  total bigint not null, -- counted when it was made
  total_exact smallint not null,
  done bigint not null default 0,
  failed bigint not null default 0,
  claim text not null default '', -- who works on it
  due_at bigint not null, -- ms; from when on it may be claimed: of a claimed one, when its claim runs out
  created_at bigint not null, -- ms
  finished_at bigint not null default 0, -- ms
  primary key (app_id, job_id)
);
create index admin_jobs_to_do on admin_jobs (due_at) where state = 0;

create table admin_job_rows (
  app_id text not null,
  job_id bigint not null,
  user_id bigint not null,
  failure text not null, -- name of the failure; empty: it was done
  at bigint not null, -- ms
  primary key (app_id, job_id, user_id),
  foreign key (app_id, job_id) references admin_jobs (app_id, job_id) on delete cascade
);
create index admin_job_rows_failed on admin_job_rows (app_id, job_id, user_id) where failure <> '';
create index admin_job_rows_by_user on admin_job_rows (app_id, user_id);
