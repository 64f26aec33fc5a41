-- Whose cargo an order moves, as the depot's feed names its owner. NULL: nobody said, as of all orders told before.
ALTER TABLE work_orders ADD COLUMN owner VARCHAR;
