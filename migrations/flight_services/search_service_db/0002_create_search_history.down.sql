-- airside: data-loss table public.search_history
DROP TABLE search_history;
