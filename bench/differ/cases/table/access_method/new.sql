CREATE ACCESS METHOD heap_two TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE trip (id integer) USING heap_two;
