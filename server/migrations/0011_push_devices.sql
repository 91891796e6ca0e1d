-- What push keeps of single devices.

-- What capture notifiers were given, for a day.
create table captures (
  app_id text not null,
  capture_id text not null, -- sorts by time
  notifier_name text not null,
  user_id bigint not null,
  device_sn integer not null,
  task_id bigint not null,
  payload text not null, -- JSON
  at bigint not null, -- ms
  primary key (app_id, capture_id),
  foreign key (app_id, user_id) references users (app_id, user_id) on delete cascade
);
create index captures_by_user on captures (app_id, user_id);

-- Devices that confirmed a push by a call of their own.
create table push_receipts (
  app_id text not null,
  user_id bigint not null,
  device_sn integer not null,
  task_id bigint not null,
  at bigint not null, -- ms
  primary key (app_id, user_id, device_sn, task_id),
  foreign key (app_id, user_id) references users (app_id, user_id) on delete cascade,
  foreign key (app_id, task_id) references push_tasks (app_id, task_id) on delete cascade
);
create index push_receipts_by_task on push_receipts (app_id, task_id);
