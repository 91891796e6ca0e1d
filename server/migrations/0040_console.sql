-- The operators' console: tokens of operators, who look after the whole installation, and sessions of browsers.

create table operator_tokens (
  token_hash text primary key, -- SHA-256
  token_id text not null, -- a short handle for lists and revocation
  name text not null,
  created_at bigint not null, -- ms
  expires_at bigint not null, -- ms
  ended_at bigint not null default 0 -- ms; 0: still good
);
create unique index operator_tokens_by_id on operator_tokens (token_id);
create index operator_tokens_by_time on operator_tokens (created_at, token_id);
create index admin_tokens_by_time on admin_tokens (app_id, created_at, token_id);

-- A session stands for the token that opened it, and is over as soon as that is.
create table console_sessions (
  session_hash text primary key, -- SHA-256 of what the cookie holds
  session_id text not null, -- a short handle for lists
  app_id text not null, -- the admin's; empty for an operator
  token_hash text not null, -- of the admin token, or the operator token
  created_at bigint not null, -- ms
  seen_at bigint not null, -- ms; give or take a few seconds
  confirmed_at bigint not null, -- ms; when somebody typed the token
  address text not null, -- from where it was opened
  user_agent text not null
);
create unique index console_sessions_by_token on console_sessions (app_id, token_hash, session_id);
create index console_sessions_by_time on console_sessions (created_at);
