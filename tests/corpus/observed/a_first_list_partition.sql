-- safe
-- given
CREATE TABLE sales (id bigint NOT NULL, region text NOT NULL) PARTITION BY LIST (region);
-- migration
CREATE TABLE sales_eu PARTITION OF sales FOR VALUES IN ('eu');
CREATE TABLE sales_rest PARTITION OF sales DEFAULT;
