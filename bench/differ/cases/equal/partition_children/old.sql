CREATE TABLE event (day date NOT NULL, id bigint, PRIMARY KEY (day, id)) PARTITION BY RANGE (day);
CREATE INDEX event_id_idx ON event (id);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER event_touch BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION touch();
