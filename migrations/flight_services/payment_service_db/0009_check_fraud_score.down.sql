ALTER TABLE payments DROP CONSTRAINT ck_payments_fraud_score;
