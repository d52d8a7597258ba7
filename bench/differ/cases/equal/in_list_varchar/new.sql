CREATE TABLE trip (
    state varchar(10)
    CONSTRAINT known CHECK (state::text = ANY (ARRAY['new'::varchar, 'paid'::varchar]::text[]))
);
