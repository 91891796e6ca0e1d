-- Access tokens, by their SHA-256, and what happened to sessions.

-- An ended token stays for a while, so that its holder hears that the session is over (402) and not that it never was (10008).
create table user_tokens (
  app_id text not null references apps (app_id),
  token_hash text not null,
  user_id bigint not null, -- 0 once the user was deleted
  device_sn integer not null, -- 0 likewise
  created_at bigint not null, -- ms
  expires_at bigint not null, -- ms
  ended_at bigint not null default 0, -- ms; 0: still good
  primary key (app_id, token_hash)
);
create index user_tokens_by_device on user_tokens (app_id, user_id, device_sn);
create index user_tokens_by_end on user_tokens (app_id, expires_at);

create table admin_tokens (
  app_id text not null references apps (app_id),
  token_hash text not null,
  token_id text not null, -- a short handle for lists and revocation
  name text not null,
  created_at bigint not null, -- ms
  expires_at bigint not null, -- ms
  ended_at bigint not null default 0, -- ms; 0: still good
  primary key (app_id, token_hash)
);
create unique index admin_tokens_by_id on admin_tokens (app_id, token_id);

-- What ended sessions, written in the transaction that ended them; support staff read it.
create table events (
  app_id text not null references apps (app_id),
  event_id text not null, -- sorts by time
  user_id bigint not null,
  device_sn integer not null, -- 0: all devices
  kind text not null, -- kicked, removed, evicted, replaced, password_changed, disabled
  at bigint not null, -- ms
  primary key (app_id, event_id)
);
create index events_by_user on events (app_id, user_id, event_id);
