-- safe
-- timeouts: file
-- given
CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid PRIMARY KEY, email text);
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('request.sub', true), '')::uuid $$;
CREATE ROLE authenticated NOLOGIN; CREATE ROLE service_role NOLOGIN;
-- migration
set lock_timeout = '5s';
create table public.todos (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null check (char_length(title) > 0),
  is_done boolean not null default false,
  inserted_at timestamptz not null default now()
);
create index todos_user_id_idx on public.todos (user_id);
alter table public.todos enable row level security;
create policy "Users read their own todos" on public.todos for select to authenticated using ((select auth.uid()) = user_id);
create policy "Users add their own todos" on public.todos for insert to authenticated with check ((select auth.uid()) = user_id);
grant select, insert on public.todos to authenticated;
grant all on public.todos to service_role;
