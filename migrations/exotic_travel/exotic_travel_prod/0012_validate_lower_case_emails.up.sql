-- Two accounts that differ in case only stop here (23505): somebody has to join them by hand.
-- airside: allow unbatched-dml because only the few addresses with capitals change, and ck_users_email_lower lets no new ones in
UPDATE users SET email = lower(email)
WHERE email <> lower(email);

ALTER TABLE users VALIDATE CONSTRAINT ck_users_email_lower;
