CREATE FUNCTION tricky() RETURNS text LANGUAGE plpgsql AS $outer$BEGIN RETURN $function$:b %s %% $1 \$function$; END$outer$;
