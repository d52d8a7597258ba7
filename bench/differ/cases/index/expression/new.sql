CREATE TABLE person (email text);
CREATE INDEX person_email_idx ON person (upper(email));
