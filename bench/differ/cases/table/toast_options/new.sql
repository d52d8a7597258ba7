CREATE TABLE letter (body text) WITH (toast.autovacuum_enabled = false);
