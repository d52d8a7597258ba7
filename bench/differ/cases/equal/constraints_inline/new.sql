CREATE TABLE trip (id integer, code text, place_id integer);
CREATE TABLE place (id integer);
ALTER TABLE place ADD PRIMARY KEY (id);
ALTER TABLE trip ALTER code SET NOT NULL;
ALTER TABLE trip ADD CONSTRAINT trip_code_check CHECK (code <> '');
ALTER TABLE trip ADD UNIQUE (code);
ALTER TABLE trip ADD PRIMARY KEY (id);
ALTER TABLE trip ADD FOREIGN KEY (place_id) REFERENCES place (id) ON UPDATE NO ACTION ON DELETE CASCADE NOT DEFERRABLE;
