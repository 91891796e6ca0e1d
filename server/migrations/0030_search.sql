-- What admins search users by, beside their names and ids.

create index users_by_nickname on users (app_id, lower(nick_name), user_id);
create index users_by_age on users (app_id, created_at, user_id);
create index users_banned on users (app_id, user_id) where status = 1;
create index devices_by_platform on devices (app_id, platform, user_id);
