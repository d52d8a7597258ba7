CREATE TABLE trip (country text, city text);
