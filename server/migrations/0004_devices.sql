-- Devices, and what push knows about them.

create table devices (
  app_id text not null,
  user_id bigint not null,
  device_sn integer not null, -- from 1 for each user
  device_guid text not null default '', -- the client's own name; empty: nameless
  platform smallint not null default 0, -- 0 unknown, 1 ios, 2 android, 3 windows, 4 mac, 5 linux, 6 web
  user_agent text not null default '',
  push_token text not null, -- the name under which push addresses the device
  seen_at bigint not null, -- ms
  created_at bigint not null, -- ms
  primary key (app_id, user_id, device_sn),
  foreign key (app_id, user_id) references users (app_id, user_id) on delete cascade
);
create unique index devices_by_push_token on devices (app_id, push_token);
create unique index devices_by_guid on devices (app_id, user_id, device_guid) where device_guid <> '';

-- Push credentials by name; what they hold comes with push delivery.
create table notifiers (
  app_id text not null references apps (app_id),
  name text not null,
  provider smallint not null, -- 0 capture, 1 APNs, 2 Huawei, 3 Xiaomi, 4 Meizu, 5 vivo, 6 OPPO, 7 FCM, 100 Web Push
  created_at bigint not null, -- ms
  primary key (app_id, name)
);

-- A device token belongs to whoever bound it last under its notifier.
create table bindings (
  app_id text not null,
  notifier_name text not null,
  device_token text not null,
  user_id bigint not null,
  device_sn integer not null,
  bound_at bigint not null, -- ms
  primary key (app_id, notifier_name, device_token),
  foreign key (app_id, user_id, device_sn) references devices (app_id, user_id, device_sn) on delete cascade,
  foreign key (app_id, notifier_name) references notifiers (app_id, name)
);
create unique index bindings_by_device on bindings (app_id, user_id, device_sn, notifier_name);
