-- Limits on guessing and registration that hold across nodes: a row for each bucket that is not full.

create table tries (
  app_id text not null,
  bucket text not null, -- SHA-256 of the rule and of whom it counts: an address, an account, a device
  full_at bigint not null, -- microseconds since 1970 UTC; when all that was taken will have come back
  primary key (app_id, bucket)
);
create index tries_by_time on tries (app_id, full_at);
