-- expects: disable-trigger
-- given
CREATE TABLE users (id int PRIMARY KEY);
CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
-- migration
ALTER TABLE users DISABLE TRIGGER touched;
