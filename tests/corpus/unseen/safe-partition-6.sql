-- safe
-- timeouts: file
-- given
CREATE TABLE m (region text NOT NULL, v int) PARTITION BY LIST (region);
CREATE TABLE m_eu (region text NOT NULL, v int, CONSTRAINT m_eu_ck CHECK (region = 'eu'));
INSERT INTO m_eu VALUES ('eu', 1);
-- migration
SET lock_timeout = '2s';
ALTER TABLE m ATTACH PARTITION m_eu FOR VALUES IN ('eu');
