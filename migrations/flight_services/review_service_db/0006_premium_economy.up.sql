-- NOT VALID: the list only grows, and the table is locked for an instant.
ALTER TABLE reviews
DROP CONSTRAINT ck_reviews_cabin,
ADD CONSTRAINT ck_reviews_cabin
CHECK (cabin_class IN ('ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST')) NOT VALID;
