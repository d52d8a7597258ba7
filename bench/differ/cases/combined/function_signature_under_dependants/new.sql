CREATE FUNCTION rate(n bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE line (
    id integer,
    price integer DEFAULT rate(NULL),
    total integer GENERATED ALWAYS AS (rate(id)) STORED,
    CONSTRAINT rated CHECK (rate(id) > 0)
);
CREATE INDEX line_rate_idx ON line (rate(id));
CREATE VIEW line_rate AS SELECT id, rate(id) AS rate FROM line;
CREATE POLICY rated ON line USING (rate(id) > 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER line_touch BEFORE UPDATE ON line FOR EACH ROW WHEN (rate(NEW.price) > 0) EXECUTE FUNCTION touch();
