CREATE TRIGGER trg_preference_rankings_check BEFORE INSERT OR UPDATE ON preference_rankings
FOR EACH ROW EXECUTE FUNCTION preference_rankings_check();
