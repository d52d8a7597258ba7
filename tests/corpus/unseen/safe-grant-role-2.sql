-- safe
-- timeouts: file
-- given
CREATE ROLE "web";
CREATE ROLE "flags_owner";
-- migration
CREATE TABLE public.feature_flags (name text PRIMARY KEY, enabled boolean NOT NULL DEFAULT false);
ALTER TABLE public.feature_flags OWNER TO flags_owner;
GRANT SELECT ON public.feature_flags TO web;
