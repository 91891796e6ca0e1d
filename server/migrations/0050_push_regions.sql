-- Who is in a job or a result is found by region: the smallest of six sizes of blocks of ids in which all its users lie.

alter table push_jobs add column region text not null default ''; -- empty: not known
alter table push_jobs add column reason text not null default ''; -- what the vendor said when it was last tried
create index push_jobs_by_region on push_jobs (app_id, region);

alter table push_results add column region text not null default ''; -- empty: not known
create index push_results_by_region on push_results (app_id, region, task_id);

create index push_tasks_by_lane on push_tasks (app_id, lane, created_at, task_id);

-- A receipt may come before the outcome is stored: then it is counted with it.
alter table push_receipts add column counted smallint not null default 0;
create index push_receipts_uncounted on push_receipts (app_id, task_id, user_id, device_sn) where counted = 0;
