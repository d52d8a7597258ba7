CREATE TABLE trip (made_at timestamptz);
