SELECT
    driver,
    next,
    total,
    recipe,
    scale,
    random_seed,
    since,
    until
FROM airside.seeding
ORDER BY driver;
