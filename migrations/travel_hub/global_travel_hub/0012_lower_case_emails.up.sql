-- NOT VALID: the table is locked for an instant only; the next revision looks at the rows there are.
ALTER TABLE users ADD CONSTRAINT ck_users_email_lower CHECK (email = lower(email)) NOT VALID;
