CREATE TABLE letter (body text);
