ALTER TABLE payments DROP CONSTRAINT ck_payments_fraud_score;

ALTER TABLE payments ADD CONSTRAINT ck_payments_fraud_score CHECK (fraud_score BETWEEN 0 AND 100) NOT VALID;
