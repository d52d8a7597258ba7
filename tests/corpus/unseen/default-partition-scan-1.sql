-- expects: default-partition-scan
-- timeouts: file
-- given
CREATE TABLE log (at date NOT NULL, line text) PARTITION BY RANGE (at);
CREATE TABLE log_rest PARTITION OF log DEFAULT;
INSERT INTO log VALUES ('2020-01-01', 'x');
-- migration
SET lock_timeout = '2s';
CREATE TABLE log_2027 PARTITION OF log FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
