CREATE SUBSCRIPTION far_trips CONNECTION 'host=nowhere.invalid' PUBLICATION trips
    WITH (connect = false, enabled = false, slot_name = NONE);
