ALTER TABLE reviews VALIDATE CONSTRAINT ck_reviews_cabin;
