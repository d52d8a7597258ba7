-- safe
-- given
CREATE TABLE plans (code text PRIMARY KEY, price int);
-- migration
ALTER TABLE plans ADD COLUMN note text;
INSERT INTO plans (code, price) VALUES ('free', 0), ('pro', 10) ON CONFLICT DO NOTHING;
