CREATE TABLE trip (state varchar(10) CONSTRAINT known CHECK (state IN ('new', 'paid')));
