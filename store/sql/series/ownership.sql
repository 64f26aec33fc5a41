-- name: add_entries
-- Put words on ledger entries at the end; $rows is a JSON list of objects named like the columns.
INSERT INTO ownership BY NAME
SELECT unnest(from_json($rows, '[{
    "site_id": "VARCHAR", "no": "VARCHAR", "line": "INTEGER", "kind": "VARCHAR", "happened_at": "TIMESTAMP",
    "tank_id": "VARCHAR", "good": "VARCHAR", "kg": "BIGINT", "owner": "VARCHAR", "batch": "VARCHAR",
    "to_tank": "VARCHAR", "to_owner": "VARCHAR", "paper": "VARCHAR"
}]'), max_depth := 2), $received_at::TIMESTAMP AS received_at;

-- name: last_words
-- The last word on every entry of these numbers; $nos is a JSON list.
SELECT * EXCLUDE (received_at)
FROM ownership
WHERE no IN (SELECT unnest(from_json($nos, '["VARCHAR"]')))
QUALIFY row_number() OVER (PARTITION BY site_id, no, line ORDER BY received_at DESC, rowid DESC) = 1;

-- name: said_entries
-- Every word ever said on the entries of these numbers; $nos is a JSON list.
SELECT * EXCLUDE (received_at) FROM ownership WHERE no IN (SELECT unnest(from_json($nos, '["VARCHAR"]')));

-- name: entries
-- Every word on the entries of some sites that was received by a moment, the later after the earlier: a ledger has hardly
-- more words than entries, and to choose the last of each here takes three times as long. $sites is a JSON list.
SELECT * EXCLUDE (received_at)
FROM ownership
WHERE site_id IN (SELECT unnest(from_json($sites, '["VARCHAR"]'))) AND received_at <= $known::TIMESTAMP
ORDER BY received_at, rowid;

-- name: words
-- Every word on the entries of a site that was received in a span, the later after the earlier.
SELECT *
FROM ownership
WHERE site_id = $site_id AND received_at > $start::TIMESTAMP AND received_at <= $end::TIMESTAMP
ORDER BY received_at, rowid;
