CREATE TABLE trip (state text CONSTRAINT known CHECK (state = ANY (ARRAY['new', 'paid'])));
