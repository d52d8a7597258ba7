-- airside: allow-file roundtrip because capitals in an address mean nothing, and are not kept aside
-- Addresses stay in lower case.
ALTER TABLE users DROP CONSTRAINT ck_users_email_lower;

ALTER TABLE users ADD CONSTRAINT ck_users_email_lower CHECK (email = lower(email)) NOT VALID;
