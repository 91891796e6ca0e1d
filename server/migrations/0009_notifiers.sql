-- What notifiers hold, and what became of the device tokens bound under them.

alter table notifiers add column environment smallint not null default 1; -- 0 development, 1 production
alter table notifiers add column disabled smallint not null default 0; -- 1: nothing is sent under it
alter table notifiers add column shown text not null default '{}'; -- JSON: the credentials that are no secrets
alter table notifiers add column sealed text not null default ''; -- JSON of the secret ones, sealed under the master key
alter table notifiers add column version integer not null default 1; -- counts changes, so that nodes open them anew
alter table notifiers add column changed_at bigint not null default 0; -- ms
alter table notifiers add column parked_until bigint not null default 0; -- ms; until then nothing is tried
alter table notifiers add column parked_reason text not null default ''; -- what the vendor said

-- A dead token stays, with its reason, until a new bind revives it.
alter table bindings add column dead_at bigint not null default 0; -- ms; 0: alive
alter table bindings add column dead_reason text not null default ''; -- the vendor's own word
create index bindings_dead on bindings (app_id, dead_at, notifier_name, device_token) where dead_at > 0;
