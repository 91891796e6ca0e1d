-- Webhooks: addresses of an app's own servers that are told what happened, and what they were told.

create table webhooks (
  app_id text not null references apps (app_id),
  webhook_id bigint not null,
  url text not null,
  description text not null default '',
  events text not null default '[]', -- JSON list of the types that are told; empty: all
  sealed text not null, -- JSON {secret, previous, until}: the keys that sign, sealed under the master key
  disabled smallint not null default 0, -- 1: nothing is sent
  reason text not null default '', -- why, where it was not an admin who disabled it
  created_at bigint not null, -- ms
  changed_at bigint not null, -- ms
  primary key (app_id, webhook_id)
);

-- Written in the transaction of the change that it tells; ids and names of fields, and nothing else of a user.
create table webhook_events (
  app_id text not null,
  webhook_id bigint not null,
  event_id text not null, -- sorts by time
  type text not null,
  user_id bigint not null, -- 0: none
  payload text not null, -- JSON, as it is sent
  state smallint not null default 0, -- 0 due, 1 delivered, 2 given up
  attempts integer not null default 0,
  claim text not null default '', -- who sends it
  due_at bigint not null, -- ms; from when on it may be claimed
  at bigint not null, -- ms
  status integer not null default 0, -- of the last attempt; 0: no answer came
  error text not null default '', -- of the last attempt
  primary key (app_id, webhook_id, event_id),
  foreign key (app_id, webhook_id) references webhooks (app_id, webhook_id) on delete cascade
);
create index webhook_events_due on webhook_events (due_at) where state = 0;
create index webhook_events_by_user on webhook_events (app_id, user_id);
