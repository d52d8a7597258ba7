-- safe
-- timeouts: file
-- given
CREATE ROLE "api_rw";
CREATE ROLE "api_owner";
CREATE SCHEMA api AUTHORIZATION api_owner;
CREATE TABLE api.keys (id uuid PRIMARY KEY, hash text NOT NULL);
ALTER TABLE api.keys OWNER TO api_owner;
GRANT ALL ON TABLE api.keys TO api_rw;
REVOKE ALL ON SCHEMA api FROM PUBLIC;
-- migration
SET lock_timeout = '2s';
ALTER TABLE api.keys ADD COLUMN label text;
COMMENT ON COLUMN api.keys.label IS 'as the user calls it';
