-- Everything that changes how PostgreSQL spells a definition, for this transaction only.
select
    -- As good as empty, but temporary tables named like a catalog come last.
    pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true) as search_path,
    pg_catalog.set_config('quote_all_identifiers', 'off', true) as quote_all_identifiers,
    pg_catalog.set_config('standard_conforming_strings', 'on', true) as standard_conforming_strings,
    pg_catalog.set_config('bytea_output', 'hex', true) as bytea_output,
    pg_catalog.set_config('xmloption', 'content', true) as xmloption,
    pg_catalog.set_config('datestyle', 'ISO, MDY', true) as datestyle,
    pg_catalog.set_config('intervalstyle', 'postgres', true) as intervalstyle,
    pg_catalog.set_config('timezone', 'UTC', true) as timezone,
    pg_catalog.set_config('extra_float_digits', '1', true) as extra_float_digits,
    pg_catalog.set_config('lc_monetary', 'C', true) as lc_monetary,
    pg_catalog.set_config('jit', 'off', true) as jit,
    -- A new database has no statistics of its catalogs: joins as written, by hash, are never far off.
    pg_catalog.set_config('join_collapse_limit', '1', true) as join_collapse_limit,
    pg_catalog.set_config('enable_nestloop', 'off', true) as enable_nestloop
