-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, state text, CONSTRAINT users_state CHECK (state IN ('new', 'old')));
-- migration
ALTER TABLE users
    DROP CONSTRAINT users_state,
    ADD CONSTRAINT users_state CHECK (state IN ('new', 'old', 'gone')) NOT VALID;
