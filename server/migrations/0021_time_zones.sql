-- The zone in which a user's quiet hours are read; empty: the app's.

alter table settings add column time_zone text not null default '';
