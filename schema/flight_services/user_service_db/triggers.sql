-- Only where the date is written: a passport or a card may expire while it is stored.
CREATE TRIGGER trg_user_travelers_passport BEFORE INSERT OR UPDATE OF passport_expiry_date ON user_travelers
FOR EACH ROW EXECUTE FUNCTION require_future_passport();

CREATE TRIGGER trg_user_payment_methods_expiry
BEFORE INSERT OR UPDATE OF card_exp_year, card_exp_month ON user_payment_methods
FOR EACH ROW WHEN (NEW.card_exp_year IS NOT NULL) EXECUTE FUNCTION require_unexpired_card();
