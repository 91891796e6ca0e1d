-- Who holds which connection. A lease counts only while its node renews its own row.

create table nodes (
  node_id text primary key,
  renewed_at bigint not null -- ms
);

create table leases (
  app_id text not null,
  user_id bigint not null,
  connection_id text not null,
  device_sn integer not null,
  node_id text not null,
  connected_at bigint not null, -- ms
  primary key (app_id, user_id, connection_id),
  foreign key (app_id, user_id) references users (app_id, user_id) on delete cascade
);
create index leases_by_node on leases (node_id);
