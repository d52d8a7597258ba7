-- safe
-- timeouts: file
-- given
CREATE TABLE country (code char(2) PRIMARY KEY, name text NOT NULL);
-- migration
INSERT INTO country (code, name) VALUES ('XK', 'Kosovo') ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name;
UPDATE country SET name = 'Türkiye' WHERE code = 'TR';
