"""When a rule would have nothing new to say, told for many moments at once; the rules themselves stay the judges."""
