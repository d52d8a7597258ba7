-- The fence around a partition that is still attached: a row trigger also sees rows that come through the parent.
CREATE OR REPLACE FUNCTION airside.refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    parent text := (
        SELECT regexp_replace(i.inhparent::regclass::text, '^public\.', '')
        FROM pg_catalog.pg_inherits AS i
        WHERE i.inhrelid = tg_relid
    );
BEGIN
    IF parent IS NULL THEN
        RAISE EXCEPTION 'rows of %.% are in a second database and cannot change here', tg_table_schema, tg_table_name
            USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = format('To bring them back: airside archive restore %s', current_database());
    END IF;
    RAISE EXCEPTION 'rows of %.% cannot change for the moment: they are moving to a second database', tg_table_schema, tg_table_name
        USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = format(
            'Try again in a moment. Where that does not help the move was cut off, and this opens the partition again: airside archive run %s --table %s',
            current_database(),
            parent
        );
END;
$$;
