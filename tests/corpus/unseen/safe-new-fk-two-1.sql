-- safe
-- timeouts: file
-- given
CREATE TABLE employees (emp_no int PRIMARY KEY, first_name varchar(14) NOT NULL, last_name varchar(16), hired date, salary int, dept_code char(4), manager_no int);
CREATE TABLE departments (dept_code char(4) PRIMARY KEY, dept_name varchar(40) NOT NULL);
CREATE INDEX employees_manager ON employees (manager_no);
CREATE INDEX employees_dept ON employees (dept_code);
-- migration
SET lock_timeout = '2s';
CREATE TABLE job_history (emp_no int NOT NULL REFERENCES employees, dept_code char(4) NOT NULL REFERENCES departments, from_date date NOT NULL, PRIMARY KEY (emp_no, from_date));
CREATE INDEX job_history_dept ON job_history (dept_code);
