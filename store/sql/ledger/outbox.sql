-- name: newest_seq
-- The last number given to a debt; 0 in a new file.
SELECT coalesce(max(seq), 0) FROM outbox;

-- name: owed_before
-- Which of these keys were owed before. (ON CONFLICT … RETURNING in the insert does the same for 7 ms more.)
SELECT o.key
FROM outbox AS o
SEMI JOIN (SELECT unnest(from_json($keys, '["VARCHAR"]')) AS key) AS asked ON o.key = asked.key;

-- name: owe
-- Add debts, planned and due at once; $rows is a JSON list of objects named like the columns.
INSERT INTO outbox BY NAME
SELECT unnest(from_json($rows, '[{
    "key": "VARCHAR", "tenant": "VARCHAR", "seq": "BIGINT", "chat": "VARCHAR", "priority": "TINYINT",
    "template": "VARCHAR", "thread": "VARCHAR", "revision": "INTEGER", "edit_of": "VARCHAR", "message": "VARCHAR",
    "taken_at": "TIMESTAMP", "received_at": "TIMESTAMP", "judged_at": "TIMESTAMP"
}]'), max_depth := 2),
    $committed_at::TIMESTAMP AS committed_at, 'planned' AS state, 0 AS attempts, false AS resend,
    $committed_at::TIMESTAMP AS due_at;

-- name: due
-- What may go out now, the most urgent first.
SELECT * FROM outbox
WHERE state = 'planned' AND due_at <= $now::TIMESTAMP
ORDER BY priority, seq
LIMIT $limit;

-- name: open
-- What still costs work: planned or under way.
SELECT * FROM outbox WHERE state IN ('planned', 'leased') ORDER BY priority, seq;

-- name: leased
-- What was under way.
SELECT * FROM outbox WHERE state = 'leased' ORDER BY seq;

-- name: one
-- One debt by its key.
SELECT * FROM outbox WHERE key = $key;

-- name: lease
-- Planned debts go under way; the others are left alone.
UPDATE outbox
SET state = 'leased', attempts = attempts + 1, leased_until = $until::TIMESTAMP
WHERE state = 'planned' AND list_contains($keys::VARCHAR[], key)
RETURNING key;

-- name: settle
-- What became of a debt.
UPDATE outbox
SET state = $state, resend = $resend, due_at = $due_at::TIMESTAMP, leased_until = NULL,
    sent_at = $sent_at::TIMESTAMP, ref = $ref, why = $why
WHERE key = $key;

-- name: log_attempt
-- One line for ever of what became of one attempt; number 0 for a debt that was never tried.
INSERT INTO attempts VALUES ($tenant, $key, $attempt, $outcome, $settled_at::TIMESTAMP, $why);

-- name: attempts
-- Everything that was tried for one debt, in order; a NULL key asks for all debts.
SELECT key, attempt, outcome, settled_at, why
FROM attempts
WHERE $key::VARCHAR IS NULL OR key = $key
ORDER BY key, attempt;

-- name: first_ref
-- The platform's reference of the first message of an alarm that arrived in a chat: the head of its thread.
SELECT ref FROM outbox
WHERE tenant = $tenant AND thread = $thread AND chat = $chat AND state = 'sent'
ORDER BY seq
LIMIT 1;

-- name: ref
-- The platform's reference of one debt's message, NULL until it has arrived.
SELECT ref FROM outbox WHERE key = $key;

-- name: thread
-- The alarm that a message in a chat belongs to, by the platform's reference of the message.
SELECT thread FROM outbox
WHERE chat = $chat AND ref = $ref AND thread IS NOT NULL
ORDER BY seq
LIMIT 1;

-- name: counts
-- How many debts stand in each state.
SELECT state, count(*) FROM outbox GROUP BY state;

-- name: latencies
-- The stages of every message that was sent since, in the order of sending.
SELECT key, tenant, chat, priority, template, attempts, resend, taken_at, received_at, judged_at, committed_at, sent_at
FROM outbox
WHERE state = 'sent' AND sent_at >= $since::TIMESTAMP
ORDER BY sent_at, seq;
