"""What a judgement rests on, for many moments at once, as columns: for a replay, which must come to the same to the fen."""
