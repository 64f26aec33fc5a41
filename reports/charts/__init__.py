"""Pictures for a phone: finished values and words in, PNG out. ``chart`` says what is drawn; only ``worker`` draws."""
