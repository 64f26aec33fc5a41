"""Balances of loans as the lender's own systems state them."""
