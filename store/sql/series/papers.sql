-- name: newest_content
-- The number of the last list of release notices given by any site; 0 in a new file.
SELECT coalesce(max(content), 0) FROM release_lists;

-- name: list
-- The newest list of a site that spoke of a moment at the latest and was received by another.
SELECT as_of, received_at, content
FROM release_lists
WHERE site_id = $site_id AND as_of <= $valid::TIMESTAMP AND received_at <= $known::TIMESTAMP
ORDER BY as_of DESC, received_at DESC, rowid DESC
LIMIT 1;

-- name: list_rows
-- The notices of one list, in the order in which the depot wrote them.
SELECT * EXCLUDE (content, place) FROM release_rows WHERE content = $content ORDER BY place;

-- name: lists_rows
-- The notices of many lists, each in the order in which the depot wrote them; $contents is a JSON list.
SELECT * EXCLUDE (place)
FROM release_rows
WHERE content IN (SELECT unnest(from_json($contents, '["INTEGER"]')))
ORDER BY content, place;

-- name: add_list
-- One answer of a site about its release notices.
INSERT INTO release_lists VALUES ($site_id, $as_of::TIMESTAMP, $received_at::TIMESTAMP, $content);

-- name: add_list_rows
-- The notices of a new list; $rows is a JSON list of objects.
INSERT INTO release_rows BY NAME
SELECT $content AS content, unnest(from_json($rows, '[{
    "place": "INTEGER", "no": "VARCHAR", "owner": "VARCHAR", "tank_id": "VARCHAR", "good": "VARCHAR",
    "mass_kg": "BIGINT", "issued_at": "TIMESTAMP", "valid_until": "TIMESTAMP", "sealed": "BOOLEAN"
}]'), max_depth := 2);

-- name: heard
-- A site's work orders were told, whether or not there was anything new.
INSERT INTO work_orders_heard VALUES ($site_id, $as_of::TIMESTAMP, $received_at::TIMESTAMP);

-- name: last_heard
-- When a site's work orders had last been told, by what was known at a moment.
SELECT max(as_of) FROM work_orders_heard
WHERE site_id = $site_id AND as_of <= $valid::TIMESTAMP AND received_at <= $known::TIMESTAMP;

-- name: lists
-- Lists of a site that spoke of a span or reached us within it, the newer after the older.
SELECT as_of, received_at, content
FROM release_lists
WHERE site_id = $site_id AND as_of <= $end::TIMESTAMP AND received_at <= $known::TIMESTAMP
    AND (as_of > $start::TIMESTAMP OR received_at > $start::TIMESTAMP)
ORDER BY as_of, received_at, rowid;

-- name: times_heard
-- When a site's work orders were told, of what spoke of a span or reached us within it.
SELECT as_of, received_at
FROM work_orders_heard
WHERE site_id = $site_id AND as_of <= $end::TIMESTAMP AND received_at <= $known::TIMESTAMP
    AND (as_of > $start::TIMESTAMP OR received_at > $start::TIMESTAMP)
ORDER BY as_of, received_at;
