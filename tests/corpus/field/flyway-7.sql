-- safe
-- given
CREATE TABLE settings (key text PRIMARY KEY, value text);
-- migration
INSERT INTO settings (key, value) VALUES ('theme', 'dark') ON CONFLICT (key) DO NOTHING;
UPDATE settings SET value = 'light' WHERE key = 'theme';
