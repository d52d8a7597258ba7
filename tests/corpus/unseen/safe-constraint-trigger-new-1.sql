-- safe
-- timeouts: file
-- given
CREATE TABLE employees (emp_no int PRIMARY KEY, first_name varchar(14) NOT NULL, last_name varchar(16), hired date, salary int, dept_code char(4), manager_no int);
CREATE TABLE departments (dept_code char(4) PRIMARY KEY, dept_name varchar(40) NOT NULL);
CREATE INDEX employees_manager ON employees (manager_no);
CREATE INDEX employees_dept ON employees (dept_code);
-- migration
CREATE TABLE shift (id int PRIMARY KEY, emp_no int NOT NULL, hours int4range NOT NULL);
CREATE FUNCTION shift_ok() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER shift_check AFTER INSERT OR UPDATE ON shift DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shift_ok();
CREATE INDEX shift_emp ON shift USING btree (emp_no);
