-- safe
-- timeouts: file
-- given
CREATE TABLE employees (emp_no int PRIMARY KEY, first_name varchar(14) NOT NULL, last_name varchar(16), hired date, salary int, dept_code char(4), manager_no int);
CREATE TABLE departments (dept_code char(4) PRIMARY KEY, dept_name varchar(40) NOT NULL);
CREATE INDEX employees_manager ON employees (manager_no);
CREATE INDEX employees_dept ON employees (dept_code);
-- migration
SET lock_timeout = '2s';
ALTER TABLE employees ALTER COLUMN dept_code SET (n_distinct = 40);
ALTER INDEX employees_dept SET (fillfactor = 80);
ALTER TABLE employees ALTER COLUMN last_name SET COMPRESSION pglz;
