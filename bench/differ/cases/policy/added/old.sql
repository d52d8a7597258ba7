CREATE TABLE account (owner text);
