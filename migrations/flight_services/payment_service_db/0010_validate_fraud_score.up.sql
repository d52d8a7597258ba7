ALTER TABLE payments VALIDATE CONSTRAINT ck_payments_fraud_score;
