-- The installation has a trail of its own, under no app's id: it must not need an app.

alter table audit_entries rename to audit_entries_of_apps;
create table audit_entries (
  app_id text not null, -- empty: the trail of the installation itself, for what concerns no app
  seq bigint not null, -- counts from 1 in each app, without a gap
  at bigint not null, -- ms; never before the entry before
  actor_kind text not null, -- admin, operator
  actor_id text not null, -- of an admin its token's id, of an operator the name on the machine
  actor_name text not null,
  act text not null, -- the operation, or the command
  user_id bigint not null, -- whom it is about, or for whom the admin acted; 0: the whole app
  subject text not null default '', -- what else it is about: notifier/NAME, token/ID …
  address text not null, -- from where: a network address, or the machine of the command line
  details text not null, -- JSON {before, after} of what changed, without secrets; empty: erased
  salt text not null, -- keeps erased details from being guessed by their hash
  details_hash text not null, -- SHA-256 of salt and details
  hash text not null, -- SHA-256 of the entry before and of all of this one
  primary key (app_id, seq)
);
insert into audit_entries (app_id, seq, at, actor_kind, actor_id, actor_name, act, user_id, subject, address,
                           details, salt, details_hash, hash)
select app_id, seq, at, actor_kind, actor_id, actor_name, act, user_id, subject, address, details, salt, details_hash, hash
  from audit_entries_of_apps;
drop table audit_entries_of_apps;
create index audit_by_time on audit_entries (app_id, at, seq);
create index audit_by_user on audit_entries (app_id, user_id, seq);
create index audit_by_actor on audit_entries (app_id, actor_id, seq);
create index audit_by_act on audit_entries (app_id, act, seq);

alter table audit_heads rename to audit_heads_of_apps;
create table audit_heads (
  app_id text primary key, -- empty likewise
  seq bigint not null,
  at bigint not null, -- ms
  hash text not null
);
insert into audit_heads (app_id, seq, at, hash) select app_id, seq, at, hash from audit_heads_of_apps;
drop table audit_heads_of_apps;
