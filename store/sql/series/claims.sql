-- name: add_prices
-- Put quotes at the end; $rows is a JSON list of objects named like the columns.
INSERT INTO prices BY NAME
SELECT unnest(from_json($rows, '[{
    "ref": "VARCHAR", "good": "VARCHAR", "provider": "VARCHAR", "region": "VARCHAR", "basis": "VARCHAR",
    "currency": "VARCHAR", "price": "VARCHAR", "published_at": "TIMESTAMP", "received_at": "TIMESTAMP",
    "source_id": "VARCHAR"
}]'), max_depth := 2);

-- name: newest_prices
-- The last word of every provider on each publication of these refs and times; both are JSON lists.
SELECT *
FROM prices
WHERE ref IN (SELECT unnest(from_json($refs, '["VARCHAR"]')))
    AND published_at IN (SELECT unnest(from_json($published, '["TIMESTAMP"]')))
QUALIFY row_number() OVER (
    PARTITION BY ref, provider, good, region, basis, currency, published_at ORDER BY received_at DESC, rowid DESC
) = 1;

-- name: prices
-- Quotes of a ref published in a span and received by a moment, corrections after what they correct.
SELECT *
FROM prices
WHERE ref = $ref AND published_at > $start::TIMESTAMP AND published_at <= $end::TIMESTAMP
    AND received_at <= $known::TIMESTAMP
ORDER BY published_at, received_at, rowid;

-- name: newest_content
-- The number of the last content given to any book; 0 in a new file.
SELECT coalesce(max(content), 0) FROM books;

-- name: book
-- The newest answer of a site's book that spoke of a moment at the latest and was received by another.
SELECT as_of, received_at, content
FROM books
WHERE site_id = $site_id AND as_of <= $valid::TIMESTAMP AND received_at <= $known::TIMESTAMP
ORDER BY as_of DESC, received_at DESC, rowid DESC
LIMIT 1;

-- name: book_rows
-- The rows of one content, in the order in which the depot wrote them.
SELECT tank_id, good, owner, mass_kg, heel_kg FROM book_rows WHERE content = $content ORDER BY place;

-- name: add_book
-- One answer of a site's book.
INSERT INTO books VALUES ($site_id, $as_of::TIMESTAMP, $received_at::TIMESTAMP, $content);

-- name: add_book_rows
-- The rows of a new content; $rows is a JSON list of objects.
INSERT INTO book_rows BY NAME
SELECT $content AS content, unnest(from_json($rows, '[{
    "place": "INTEGER", "tank_id": "VARCHAR", "good": "VARCHAR", "owner": "VARCHAR", "mass_kg": "BIGINT",
    "heel_kg": "BIGINT"
}]'), max_depth := 2);

-- name: said_prices
-- Every price ever said on the publications of these refs and times; both are JSON lists.
SELECT *
FROM prices
WHERE ref IN (SELECT unnest(from_json($refs, '["VARCHAR"]')))
    AND published_at IN (SELECT unnest(from_json($published, '["TIMESTAMP"]')));

-- name: contents_of
-- What a site's book has ever said as of one moment.
SELECT DISTINCT content FROM books WHERE site_id = $site_id AND as_of = $as_of::TIMESTAMP ORDER BY content;

-- name: add_work_orders
-- Put words on work orders at the end; $rows is a JSON list of objects named like the columns.
INSERT INTO work_orders BY NAME
SELECT unnest(from_json($rows, '[{
    "site_id": "VARCHAR", "no": "VARCHAR", "tank_id": "VARCHAR", "direction": "VARCHAR", "good": "VARCHAR",
    "planned_kg": "BIGINT", "done_kg": "BIGINT", "opened_at": "TIMESTAMP", "closed_at": "TIMESTAMP",
    "release_no": "VARCHAR", "owner": "VARCHAR"
}]'), max_depth := 2), $received_at::TIMESTAMP AS received_at;

-- name: said_work_orders
-- Every word ever said on orders of these numbers; $nos is a JSON list.
SELECT * FROM work_orders WHERE no IN (SELECT unnest(from_json($nos, '["VARCHAR"]')));

-- name: work_orders
-- The last word, received by a moment, on each order of some sites that was open at any time in a span; $sites is a JSON list.
SELECT * EXCLUDE (received_at)
FROM (
    SELECT *
    FROM work_orders
    WHERE site_id IN (SELECT unnest(from_json($sites, '["VARCHAR"]'))) AND received_at <= $known::TIMESTAMP
    QUALIFY row_number() OVER (PARTITION BY site_id, no, tank_id ORDER BY received_at DESC, rowid DESC) = 1
)
WHERE opened_at <= $valid::TIMESTAMP AND (closed_at IS NULL OR closed_at >= $since::TIMESTAMP)
ORDER BY opened_at, no, tank_id;

-- name: book_answers
-- Answers of a site's book that spoke of a span or reached us within it, the newer after the older.
SELECT as_of, received_at, content
FROM books
WHERE site_id = $site_id AND as_of <= $end::TIMESTAMP AND received_at <= $known::TIMESTAMP
    AND (as_of > $start::TIMESTAMP OR received_at > $start::TIMESTAMP)
ORDER BY as_of, received_at, rowid;

-- name: books_rows
-- The rows of many contents, each in the order in which the depot wrote them; $contents is a JSON list.
SELECT content, tank_id, good, owner, mass_kg, heel_kg
FROM book_rows
WHERE content IN (SELECT unnest(from_json($contents, '["INTEGER"]')))
ORDER BY content, place;

-- name: order_words
-- Every word on the orders of a site that was received in a span, the later after the earlier.
SELECT *
FROM work_orders
WHERE site_id = $site_id AND received_at > $start::TIMESTAMP AND received_at <= $end::TIMESTAMP
ORDER BY received_at, rowid;
