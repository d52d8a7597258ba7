-- safe
-- timeouts: file
-- given
CREATE TABLE app_setting (key text PRIMARY KEY, value jsonb NOT NULL);
-- migration
UPDATE app_setting SET value = '"dark"' WHERE key = 'theme';
INSERT INTO app_setting (key, value) SELECT k, v::jsonb FROM (VALUES ('lang', '"en"'), ('tz', '"UTC"')) AS s (k, v) ON CONFLICT (key) DO NOTHING;
DELETE FROM app_setting WHERE key = ANY (ARRAY['obsolete_a', 'obsolete_b']);
