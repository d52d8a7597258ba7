CREATE TABLE crew (id integer PRIMARY KEY, plane_id integer);
CREATE TABLE plane (id integer PRIMARY KEY, captain_id integer REFERENCES crew);
ALTER TABLE crew ADD FOREIGN KEY (plane_id) REFERENCES plane;
