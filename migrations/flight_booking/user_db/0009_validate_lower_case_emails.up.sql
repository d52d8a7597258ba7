-- Two accounts that differ in case only stop here (23505): somebody has to join them by hand.
UPDATE users SET email = lower(email)
WHERE email <> lower(email);

ALTER TABLE users VALIDATE CONSTRAINT ck_users_email_lower;
