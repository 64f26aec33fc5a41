-- name: heads
-- The last event of every chain: where the next one links on.
SELECT tenant, max(seq) AS seq, arg_max(hash, seq) AS hash, arg_max(recorded_at, seq) AS recorded_at
FROM events
GROUP BY tenant;

-- name: append
-- Put events at the end of their chains; lists of equal length, one entry per event.
INSERT INTO events
SELECT unnest($tenant::VARCHAR[]), unnest($seq::BIGINT[]), unnest($kind::VARCHAR[]), unnest($v::INTEGER[]),
    unnest($occurred_at::TIMESTAMP[]), unnest($recorded_at::TIMESTAMP[]), unnest($actor::VARCHAR[]),
    unnest($previous::VARCHAR[]), unnest($hash::VARCHAR[]), unnest($canonical::VARCHAR[]);

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
-- Which of these platform events were handled before; lists of equal length.
SELECT s.platform, s.event_id
FROM seen AS s
SEMI JOIN (SELECT unnest($platform::VARCHAR[]) AS platform, unnest($event_id::VARCHAR[]) AS event_id) AS asked
    ON s.platform = asked.platform AND s.event_id = asked.event_id;

-- name: mark
-- Remember platform events as handled; lists of equal length.
INSERT INTO seen
SELECT $tenant, unnest($platform::VARCHAR[]), unnest($event_id::VARCHAR[]), $seen_at::TIMESTAMP;
