-- Of two runs that begin at once the later joins the earlier: the batches ask the table for what is next.
INSERT INTO airside.seeding (driver, total, recipe, scale, random_seed, since, until)
VALUES (%(driver)s, %(total)s, %(recipe)s, %(scale)s, %(random_seed)s, %(since)s, %(until)s)
ON CONFLICT (driver) DO NOTHING;
