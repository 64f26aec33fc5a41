"""What a message asks, without a model: text → frame (names, times, amounts, mood) → intents with their slots."""
