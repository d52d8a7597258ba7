-- airside: data-loss table public.pricing_rules
DROP TABLE pricing_rules;
