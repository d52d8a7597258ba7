CREATE TABLE trip (state text CONSTRAINT known CHECK (state IN ('new', 'paid')));
