-- Connections that are over, for the node that holds them: written in the transaction that takes their lease away, so
-- that a node learns of it even where no announcement reaches it.

create table dismissals (
  app_id text not null,
  user_id bigint not null,
  connection_id text not null,
  node_id text not null, -- holds the connection, and forgets the row once it has closed it
  kind text not null, -- as in events; or succeeded: another connection of the device has its place
  primary key (app_id, user_id, connection_id)
);
create index dismissals_by_node on dismissals (node_id);
