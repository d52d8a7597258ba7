CREATE TABLE trip (id integer PRIMARY KEY);
CREATE PUBLICATION trips FOR TABLE trip WITH (publish = 'insert, update', publish_via_partition_root = true);
