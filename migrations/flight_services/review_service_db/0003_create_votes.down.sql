-- airside: data-loss table public.review_votes
DROP TABLE review_votes;

DROP FUNCTION review_votes_count();
