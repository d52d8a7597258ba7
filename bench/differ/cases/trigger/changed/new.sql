CREATE TABLE trip (id integer, title text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trip_touch BEFORE INSERT OR UPDATE OF title ON trip
    FOR EACH ROW WHEN (NEW.title <> 'x') EXECUTE FUNCTION touch('an argument');
