-- safe
-- timeouts: file
-- given
CREATE TABLE employees (emp_no int PRIMARY KEY, first_name varchar(14) NOT NULL, last_name varchar(16), hired date, salary int, dept_code char(4), manager_no int);
CREATE TABLE departments (dept_code char(4) PRIMARY KEY, dept_name varchar(40) NOT NULL);
CREATE INDEX employees_manager ON employees (manager_no);
CREATE INDEX employees_dept ON employees (dept_code);
CREATE FUNCTION set_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed := now(); RETURN NEW; END $$;
-- migration
CREATE TABLE reviews (review_id uuid PRIMARY KEY DEFAULT gen_random_uuid(), emp_no int NOT NULL, score smallint, changed timestamptz);
CREATE INDEX reviews_emp ON reviews (emp_no);
CREATE TRIGGER reviews_changed BEFORE UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION set_changed();
ALTER TABLE reviews ALTER COLUMN score SET NOT NULL;
ALTER TABLE reviews ADD CONSTRAINT score_range CHECK (score BETWEEN 1 AND 5);
