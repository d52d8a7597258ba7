-- expects: row-security-change
-- given
CREATE TABLE public.profiles (id uuid PRIMARY KEY, nick text);
-- migration
alter table public.profiles enable row level security;
