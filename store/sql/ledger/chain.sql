-- name: heads
-- The last event of every chain: where the next one links on.
SELECT tenant, max(seq) AS seq, arg_max(hash, seq) AS hash, arg_max(recorded_at, seq) AS recorded_at
FROM events
GROUP BY tenant;

-- name: append
-- Put events at the end of their chains; $rows is a JSON list of objects named like the columns.
INSERT INTO events BY NAME
SELECT unnest(from_json($rows, '[{
    "tenant": "VARCHAR", "seq": "BIGINT", "kind": "VARCHAR", "v": "INTEGER", "occurred_at": "TIMESTAMP",
    "recorded_at": "TIMESTAMP", "actor": "VARCHAR", "previous": "VARCHAR", "hash": "VARCHAR", "canonical": "VARCHAR"
}]'), max_depth := 2);

-- name: texts
-- The verbatim texts in the order of recording, and within a chain in its own order; a NULL asks for everything.
SELECT canonical
FROM events
WHERE ($tenant::VARCHAR IS NULL OR tenant = $tenant)
    AND ($kinds::VARCHAR[] IS NULL OR list_contains($kinds::VARCHAR[], kind))
    AND seq > $after
    AND ($since::TIMESTAMP IS NULL OR recorded_at >= $since::TIMESTAMP)
ORDER BY recorded_at, tenant, seq;

-- name: everything
-- Every event with every column, chain by chain, to prove each link anew.
SELECT tenant, seq, kind, v, occurred_at, recorded_at, actor, previous, hash, canonical
FROM events
ORDER BY tenant, seq;

-- name: seen
-- Which of these platform events were handled before; $rows is a JSON list of objects.
SELECT s.platform, s.event_id
FROM seen AS s
SEMI JOIN (
    SELECT unnest(from_json($rows, '[{"platform": "VARCHAR", "event_id": "VARCHAR"}]'), max_depth := 2)
) AS asked ON s.platform = asked.platform AND s.event_id = asked.event_id;

-- name: mark
-- Remember platform events as handled; $rows is a JSON list of objects.
INSERT INTO seen BY NAME
SELECT unnest(from_json($rows, '[{"platform": "VARCHAR", "event_id": "VARCHAR"}]'), max_depth := 2),
    $tenant AS tenant, $seen_at::TIMESTAMP AS seen_at;
