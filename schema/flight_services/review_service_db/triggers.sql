CREATE TRIGGER trg_review_votes_count AFTER INSERT OR UPDATE OR DELETE ON review_votes
FOR EACH ROW EXECUTE FUNCTION review_votes_count();
