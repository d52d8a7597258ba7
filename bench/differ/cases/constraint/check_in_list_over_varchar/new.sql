CREATE TABLE trip (state varchar(10) CONSTRAINT known_state CHECK (state IN ('new', 'paid')));
