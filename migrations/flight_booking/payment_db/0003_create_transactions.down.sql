-- airside: data-loss table public.transactions
DROP TABLE transactions;
