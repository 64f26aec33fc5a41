"""What people say they will do, have done or want to be told of: kept as their words, never as facts. Nothing is booked."""
