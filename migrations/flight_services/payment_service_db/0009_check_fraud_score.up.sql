-- NOT VALID: the table is locked for an instant only; the next revision looks at the rows there are.
ALTER TABLE payments ADD CONSTRAINT ck_payments_fraud_score CHECK (fraud_score BETWEEN 0 AND 100) NOT VALID;
