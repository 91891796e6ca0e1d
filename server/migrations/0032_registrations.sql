-- How many users an app got, hour by hour, so that nobody has to count them.

create table registrations (
  app_id text not null references apps (app_id),
  hour bigint not null, -- hours since 1970 UTC
  users bigint not null,
  primary key (app_id, hour)
);
