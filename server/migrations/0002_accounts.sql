-- Users, what is left of deleted ones, and how many there are.

create table users (
  app_id text not null references apps (app_id),
  user_id bigint not null,
  username text not null, -- as the user writes it
  username_key text not null, -- in lower case
  password_hash text not null, -- PHC form
  must_change_password smallint not null default 0,
  status smallint not null default 0, -- 0 normal, 1 banned
  mobile text not null default '',
  email text not null default '', -- in lower case
  nick_name text not null default '',
  avatar text not null default '',
  description text not null default '',
  private_info text not null default '',
  public_info text not null default '',
  last_device_sn integer not null default 0, -- device serial numbers are never used again
  devices_version bigint not null default 0, -- ms of the last change to the list of devices
  created_at bigint not null, -- ms
  primary key (app_id, user_id)
);
create unique index users_by_username on users (app_id, username_key);
create unique index users_by_mobile on users (app_id, mobile) where mobile <> '';
create unique index users_by_email on users (app_id, email) where email <> '';

-- A tombstone holds no personal data; it keeps the id from being used again.
create table deleted_users (
  app_id text not null,
  user_id bigint not null,
  deleted_at bigint not null, -- ms
  primary key (app_id, user_id)
);

-- How many users have an id in [slot * width, (slot + 1) * width). It finds page n without walking past the pages
-- before it; width 0 with slot 0 is the whole app.
create table user_counts (
  app_id text not null references apps (app_id),
  width integer not null, -- ids a slot: 0, 16384, 128
  slot bigint not null,
  users bigint not null,
  primary key (app_id, width, slot)
);
