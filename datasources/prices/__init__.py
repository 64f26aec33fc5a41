"""Price feeds. Each reads what a provider publishes into quotes and bad rows; none of them judges a price."""
