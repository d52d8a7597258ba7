CREATE TABLE person (email text);
CREATE INDEX person_email_idx ON person (lower(email));
ALTER INDEX person_email_idx ALTER COLUMN 1 SET STATISTICS 300;
