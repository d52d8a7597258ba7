-- The fence around a partition that is still attached: a row trigger also sees rows that come through the parent.
CREATE OR REPLACE FUNCTION airside.refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION 'rows of %.% are being archived and cannot change', tg_table_schema, tg_table_name
        USING ERRCODE = 'object_not_in_prerequisite_state';
END;
$$;
