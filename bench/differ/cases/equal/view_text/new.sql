CREATE TABLE trip (id integer, title text, state text);
CREATE OR REPLACE VIEW public.open_trip (id, title) AS
    -- the same in other words
    select t.id as id, (t.title) from public.trip as t where ((t.state = 'open'::text) or t.state = 'new');
