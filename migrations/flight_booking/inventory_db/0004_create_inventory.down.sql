-- airside: data-loss table public.inventory
DROP TABLE inventory;

DROP FUNCTION set_last_updated();
