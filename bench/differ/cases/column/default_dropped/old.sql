CREATE TABLE trip (made_at timestamptz DEFAULT now());
