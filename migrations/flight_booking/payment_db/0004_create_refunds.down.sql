-- airside: data-loss table public.refunds
DROP TABLE refunds;

DROP FUNCTION refunds_check_total();
