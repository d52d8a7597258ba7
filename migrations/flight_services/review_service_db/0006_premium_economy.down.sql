-- Stops (23514) when premium economy has been reviewed.
ALTER TABLE reviews
DROP CONSTRAINT ck_reviews_cabin,
ADD CONSTRAINT ck_reviews_cabin CHECK (cabin_class IN ('ECONOMY', 'BUSINESS', 'FIRST'));
