-- Apps, the tenants: their policy, and the ids they hand out.

create table apps (
  app_id text primary key, -- never all digits
  name text not null,
  secret text not null, -- the app secret, sealed under the master key; signs registrations
  frozen smallint not null default 0, -- 1: every call answers 40003
  open_registration smallint not null default 1, -- 0: only admins register users
  user_cap bigint not null default 0, -- users at the most; 0: no cap
  device_cap integer not null default 10, -- devices a user
  password_minimum integer not null default 1, -- characters
  token_days integer not null default 30, -- life of a user's token
  origins text not null default '[]', -- JSON list of the exact origins that browsers may call from
  time_zone text not null default 'Asia/Shanghai', -- IANA; quiet hours of users without their own
  push_signature smallint not null default 0, -- 1: registering a push user needs a signature
  created_at bigint not null -- ms
);

-- Ids are taken in blocks, so that no request waits for a central counter.
create table id_blocks (
  app_id text not null references apps (app_id),
  kind text not null, -- what the ids number: user
  next_id bigint not null, -- the first that nobody has taken
  primary key (app_id, kind)
);
