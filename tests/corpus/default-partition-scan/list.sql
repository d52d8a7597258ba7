-- expects: default-partition-scan
-- given
CREATE TABLE sales (country text NOT NULL, amount int) PARTITION BY LIST (country);
CREATE TABLE sales_rest PARTITION OF sales DEFAULT;
INSERT INTO sales VALUES ('de', 1);
-- migration
CREATE TABLE sales_no PARTITION OF sales FOR VALUES IN ('no');
