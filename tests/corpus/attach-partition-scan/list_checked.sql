-- safe
-- given
CREATE TABLE sales (country text NOT NULL, amount int) PARTITION BY LIST (country);
CREATE TABLE sales_de PARTITION OF sales FOR VALUES IN ('de');
CREATE TABLE sales_no (country text NOT NULL, amount int, CONSTRAINT only_no CHECK (country = 'no'));
INSERT INTO sales_no VALUES ('no', 1);
-- migration
ALTER TABLE sales ATTACH PARTITION sales_no FOR VALUES IN ('no');
