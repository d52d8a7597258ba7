-- A plain table with everything that a conversion has to carry over.
CREATE TABLE customers (id int PRIMARY KEY);
INSERT INTO customers SELECT generate_series(1, 100);
CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.changes := OLD.changes + 1; RETURN NEW; END';
CREATE FUNCTION log_insert() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log (event_id) VALUES (NEW.id); RETURN NULL; END';
CREATE TABLE log (event_id bigint);
CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY,
    number serial,
    at timestamptz NOT NULL DEFAULT now(),
    customer_id int REFERENCES customers ON DELETE CASCADE,
    amount numeric(12, 2) NOT NULL DEFAULT 100 CONSTRAINT amount_known CHECK (amount > -1000000),
    changes int NOT NULL DEFAULT 0,
    doubled numeric GENERATED ALWAYS AS (amount * 2) STORED,
    note text COLLATE "C",
    CONSTRAINT events_pkey PRIMARY KEY (id),
    CONSTRAINT events_number_at UNIQUE (number, at)
) WITH (fillfactor = 90);
ALTER TABLE events ADD CONSTRAINT events_id_at UNIQUE (id, at);
CREATE INDEX events_customer ON events (customer_id) WHERE customer_id > 0;
CREATE INDEX events_lower ON events (lower(note) DESC NULLS LAST) INCLUDE (amount);
COMMENT ON INDEX events_lower IS 'for the search';
COMMENT ON TABLE events IS 'what happened; it''s all here';
COMMENT ON COLUMN events.note IS 'free text';
CREATE TRIGGER events_changed BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION count_change();
CREATE TRIGGER events_logged AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION log_insert();
CREATE TRIGGER events_off AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION log_insert();
ALTER TABLE events DISABLE TRIGGER events_off;
ALTER TABLE events ENABLE ALWAYS TRIGGER events_changed;
ALTER TABLE events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY all_of_it ON events USING (amount IS NOT NULL) WITH CHECK (amount < 1000000);
CREATE POLICY reading ON events AS RESTRICTIVE FOR SELECT TO PUBLIC USING (true);
COMMENT ON POLICY reading ON events IS 'everybody may';
CREATE VIEW totals WITH (security_invoker = true) AS
SELECT
    customer_id,
    sum(amount) AS total
FROM events GROUP BY customer_id;
CREATE VIEW best AS SELECT max(total) AS total FROM totals;
CREATE FUNCTION how_many() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM events; END;
CREATE STATISTICS events_together ON customer_id, amount FROM events;
CREATE TABLE tickets (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id bigint,
    event_at timestamptz,
    CONSTRAINT tickets_event FOREIGN KEY (event_id, event_at) REFERENCES events (id, at)
);
CREATE INDEX ON tickets (event_id, event_at);
