"""Warehouse receipts (仓单): what they are, what may happen to one, and what is pledged by them in every tank."""
