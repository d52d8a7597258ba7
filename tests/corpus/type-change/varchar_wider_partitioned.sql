-- safe
-- given
CREATE TABLE logs (at date NOT NULL, what varchar(100)) PARTITION BY RANGE (at);
-- migration
ALTER TABLE logs ALTER COLUMN what TYPE varchar(200);
