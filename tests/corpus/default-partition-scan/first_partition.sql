-- safe
-- given
CREATE TABLE sales (country text NOT NULL, amount int, PRIMARY KEY (country)) PARTITION BY LIST (country);
-- migration
CREATE TABLE sales_no PARTITION OF sales FOR VALUES IN ('no');
