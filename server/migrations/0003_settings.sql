-- What users set for themselves, beside their profile.

create table settings (
  app_id text not null,
  user_id bigint not null,
  auth_mode smallint not null default 0,
  auth_question text not null default '',
  auth_answer text not null default '',
  auto_download smallint not null default 0,
  group_confirm smallint not null default 0,
  no_sounds smallint not null default 0,
  vibratory smallint not null default 0,
  no_push smallint not null default 0,
  no_push_detail smallint not null default 0, -- 1 hides the details
  no_push_start_hour smallint not null default 0, -- quiet hours: [start, end), equal means none
  no_push_end_hour smallint not null default 0,
  silence_start_time smallint not null default 0, -- likewise: delivered without a sound
  silence_end_time smallint not null default 0,
  push_nick_name text not null default '',
  badge integer not null default 0,
  primary key (app_id, user_id),
  foreign key (app_id, user_id) references users (app_id, user_id) on delete cascade
);

create table aliases (
  app_id text not null,
  user_id bigint not null,
  alias text not null,
  primary key (app_id, user_id),
  foreign key (app_id, user_id) references users (app_id, user_id) on delete cascade
);
create unique index aliases_by_alias on aliases (app_id, alias);

create table tags (
  app_id text not null,
  user_id bigint not null,
  tag text not null,
  primary key (app_id, user_id, tag),
  foreign key (app_id, user_id) references users (app_id, user_id) on delete cascade
);
create index tags_by_tag on tags (app_id, tag, user_id);
