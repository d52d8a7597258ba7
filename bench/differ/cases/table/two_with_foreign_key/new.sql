CREATE TABLE b_parent (id integer PRIMARY KEY);
CREATE TABLE a_child (parent_id integer REFERENCES b_parent);
