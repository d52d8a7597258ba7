CREATE FUNCTION tricky() RETURNS text LANGUAGE plpgsql AS $$BEGIN RETURN ':a %s %% $1'; END$$;
