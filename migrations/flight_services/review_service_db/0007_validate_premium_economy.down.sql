ALTER TABLE reviews
DROP CONSTRAINT ck_reviews_cabin,
ADD CONSTRAINT ck_reviews_cabin
CHECK (cabin_class IN ('ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST')) NOT VALID;
