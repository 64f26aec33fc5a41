-- name: tanks
-- The dictionary of tanks: numbers in the columns, ids outside. Nothing is ever taken out of it.
SELECT tank_no, tank_id FROM tanks ORDER BY tank_no;

-- name: number_tanks
-- Give tanks their numbers for ever; $rows is a JSON list of objects.
INSERT INTO tanks BY NAME
SELECT unnest(from_json($rows, '[{"tank_no": "INTEGER", "tank_id": "VARCHAR"}]'), max_depth := 2);

-- name: end
-- The last batch and the digest that the next one links on.
SELECT batch, sha256 FROM batches ORDER BY batch DESC LIMIT 1;

-- name: add_batch
-- One batch and its digest.
INSERT INTO batches VALUES ($batch, $source, $row_count, $first_at::TIMESTAMP, $last_at::TIMESTAMP, $sha256);

-- name: batch
-- One batch as it was sealed.
SELECT batch, row_count, first_at, last_at, sha256 FROM batches WHERE batch = $batch;

-- name: add_readings
-- Put the registered columns of one batch at the end of the full readings.
INSERT INTO readings BY NAME SELECT $batch AS batch, * FROM incoming;

-- name: add_minutes
-- Put the registered columns of one batch at the end of the minute rows.
INSERT INTO minutes BY NAME SELECT $batch AS batch, * FROM incoming;

-- name: latest
-- The newest reading of every tank among those taken after a moment; of two taken at once, the later received.
SELECT tank_no, unnest(newest)
FROM (
    SELECT tank_no, arg_max(
        {
            'level_mm': level_mm, 'water_mm': water_mm, 'temp_c': temp_c, 'density_kg_m3': density_kg_m3,
            'taken_at': taken_at, 'received_at': received_at, 'status': status, 'quality': quality,
            'air_c': air_c, 'p1_kpa': p1_kpa, 'p3_kpa': p3_kpa
        },
        {'taken_at': taken_at, 'received_at': received_at}
    ) AS newest
    FROM readings
    WHERE taken_at > $after::TIMESTAMP
    GROUP BY tank_no
);

-- name: latest_good
-- The newest good reading of every tank taken in a span and received by a moment, full or thinned: what is known
-- where a gauge is silent now.
SELECT tank_no, unnest(newest)
FROM (
    SELECT tank_no, arg_max(
        {
            'level_mm': level_mm, 'water_mm': water_mm, 'temp_c': temp_c, 'density_kg_m3': density_kg_m3,
            'taken_at': taken_at, 'received_at': received_at, 'status': status, 'quality': quality,
            'air_c': air_c, 'p1_kpa': p1_kpa, 'p3_kpa': p3_kpa
        },
        {'taken_at': taken_at, 'received_at': received_at}
    ) AS newest
    FROM history
    WHERE taken_at > $after::TIMESTAMP AND taken_at <= $until::TIMESTAMP AND quality = 0
        AND received_at <= $known::TIMESTAMP
    GROUP BY tank_no
);

-- name: as_of
-- The newest reading of some tanks taken in a span and received by a moment; $tank_nos is a JSON list.
SELECT tank_no, unnest(newest)
FROM (
    SELECT tank_no, arg_max(
        {
            'level_mm': level_mm, 'water_mm': water_mm, 'temp_c': temp_c, 'density_kg_m3': density_kg_m3,
            'taken_at': taken_at, 'received_at': received_at, 'status': status, 'quality': quality,
            'air_c': air_c, 'p1_kpa': p1_kpa, 'p3_kpa': p3_kpa
        },
        {'taken_at': taken_at, 'received_at': received_at}
    ) AS newest
    FROM history
    WHERE taken_at > $after::TIMESTAMP AND taken_at <= $valid::TIMESTAMP AND received_at <= $known::TIMESTAMP
        AND tank_no IN (SELECT unnest(from_json($tank_nos, '["INTEGER"]')))
    GROUP BY tank_no
);

-- name: window
-- Every reading of some tanks taken in a span and received by a moment; $tank_nos is a JSON list.
SELECT tank_no, taken_at, received_at, level_mm, water_mm, temp_c, density_kg_m3, status, quality,
    air_c, p1_kpa, p3_kpa
FROM history
WHERE taken_at > $start::TIMESTAMP AND taken_at <= $end::TIMESTAMP AND received_at <= $known::TIMESTAMP
    AND tank_no IN (SELECT unnest(from_json($tank_nos, '["INTEGER"]')));

-- name: samples
-- Good readings of some tanks in a span, from what had been received by a moment: the first of each tank, and the last
-- in each stretch of $every_us µs.
WITH stretches AS (
    SELECT tank_no, min(taken_at) AS first_at, max(taken_at) AS last_at
    FROM history
    WHERE taken_at > $start::TIMESTAMP AND taken_at <= $end::TIMESTAMP AND received_at <= $known::TIMESTAMP
        AND quality = 0 AND tank_no IN (SELECT unnest(from_json($tank_nos, '["INTEGER"]')))
    GROUP BY tank_no, (epoch_us(taken_at) - epoch_us($start::TIMESTAMP) - 1) // $every_us
)
SELECT tank_no, taken_at, received_at, level_mm, water_mm, temp_c, density_kg_m3, status, quality,
    air_c, p1_kpa, p3_kpa
FROM history
SEMI JOIN (
    SELECT tank_no, last_at AS taken_at FROM stretches
    UNION
    SELECT tank_no, min(first_at) AS taken_at FROM stretches GROUP BY tank_no
) USING (tank_no, taken_at)
WHERE taken_at > $start::TIMESTAMP AND taken_at <= $end::TIMESTAMP AND received_at <= $known::TIMESTAMP
    AND quality = 0;

-- name: belated
-- Every reading of some tanks taken by the beginning of a span and received within it.
SELECT tank_no, taken_at, received_at, level_mm, water_mm, temp_c, density_kg_m3, status, quality,
    air_c, p1_kpa, p3_kpa
FROM history
WHERE received_at > $start::TIMESTAMP AND received_at <= $end::TIMESTAMP AND taken_at <= $start::TIMESTAMP
    AND tank_no IN (SELECT unnest(from_json($tank_nos, '["INTEGER"]')));

-- name: thinnable
-- The oldest batches of a source that end before a moment and were not thinned yet, about $at_most rows of them.
SELECT batch, row_count
FROM (
    SELECT batch, row_count, sum(row_count) OVER (ORDER BY batch) - row_count AS rows_before
    FROM batches ANTI JOIN thinned USING (batch)
    WHERE source = $source AND last_at < $before::TIMESTAMP
)
WHERE rows_before < $at_most
ORDER BY batch;

-- name: thin
-- Of these batches, the last good reading of each tank and minute (or the last, where none is good), one per day on
-- which readings of that minute were received, so that a later correction stands beside what was known before it.
SELECT tank_no, taken_at, received_at, level_mm, water_mm, temp_c, density_kg_m3, status, quality,
    air_c, p1_kpa, p3_kpa
FROM readings
WHERE batch BETWEEN $first AND $last AND batch IN (SELECT unnest(from_json($batches, '["INTEGER"]')))
QUALIFY row_number() OVER (
    PARTITION BY tank_no, date_trunc('minute', taken_at), date_trunc('day', received_at)
    ORDER BY quality = 0 DESC, taken_at DESC, received_at DESC
) = 1;

-- name: forget
-- Take thinned batches out of the full readings.
DELETE FROM readings
WHERE batch BETWEEN $first AND $last AND batch IN (SELECT unnest(from_json($batches, '["INTEGER"]')));

-- name: mark_thinned
-- Remember into which batch of minute rows these went; NULL where every row was kept and nothing moved.
INSERT INTO thinned SELECT unnest(from_json($batches, '["INTEGER"]')), $into_batch::INTEGER;

-- name: sealed
-- A page of the batches in order, each with the batch of minute rows that replaced its rows.
SELECT b.batch, b.row_count, b.sha256, t.into_batch
FROM batches AS b LEFT JOIN thinned AS t ON b.batch = t.batch
WHERE b.batch > $after
ORDER BY b.batch
LIMIT $limit;

-- name: rows_of
-- All rows of a span of batches.
SELECT batch, tank_no, taken_at, received_at, level_mm, water_mm, temp_c, density_kg_m3, status, quality,
    air_c, p1_kpa, p3_kpa
FROM history
WHERE batch BETWEEN $first AND $last;

-- name: strays
-- How many rows belong to no batch that still has rows.
SELECT count(*)
FROM history AS h
ANTI JOIN (
    SELECT b.batch FROM batches AS b LEFT JOIN thinned AS t ON b.batch = t.batch WHERE t.into_batch IS NULL
) AS kept ON h.batch = kept.batch;

-- name: begin_offers
-- A place, forgotten when the file is closed, for what one import has offered so far; see ``repeated``.
CREATE OR REPLACE TEMP TABLE offers (
    tank_no INTEGER NOT NULL, taken_at TIMESTAMP NOT NULL, received_at TIMESTAMP NOT NULL, line BIGINT NOT NULL,
    said UBIGINT NOT NULL
);

-- name: end_offers
-- The import is over.
DROP TABLE IF EXISTS temp.offers;

-- name: offer
-- Remember the registered rows, and of their values only enough to tell equal from other.
INSERT INTO temp.offers
SELECT tank_no, taken_at, received_at, line, hash(level_mm, water_mm, temp_c, density_kg_m3, air_c, p1_kpa, p3_kpa, quality)
FROM incoming;

-- name: repeated
-- Of the registered rows, offered by now, those whose tank and times an earlier line of the file has: which line, and
-- whether it says the same.
SELECT place, first_line, said = first_said AS same
FROM (
    SELECT i.place, o.line, o.said, first_value(o.line) OVER earlier AS first_line,
        first_value(o.said) OVER earlier AS first_said
    FROM temp.offers AS o
    SEMI JOIN (SELECT tank_no, taken_at, received_at FROM incoming) AS k
        ON o.tank_no = k.tank_no AND o.taken_at = k.taken_at AND o.received_at = k.received_at
    LEFT JOIN incoming AS i ON o.line = i.line
    WINDOW earlier AS (PARTITION BY o.tank_no, o.taken_at, o.received_at ORDER BY o.line)
)
WHERE place IS NOT NULL AND line > first_line;

-- name: met
-- What is here of the tanks and times of the registered rows: every word, beside the place of the row that meets it.
SELECT i.place, h.* EXCLUDE (batch)
FROM incoming AS i
JOIN (
    SELECT * FROM history WHERE taken_at BETWEEN $first_at::TIMESTAMP AND $last_at::TIMESTAMP
) AS h ON i.tank_no = h.tank_no AND i.taken_at = h.taken_at;

-- name: thinned_away
-- Of the registered rows, the places of those for which the minute row into which they were thinned stands.
SELECT DISTINCT i.place
FROM incoming AS i
JOIN (
    SELECT tank_no, taken_at, received_at
    FROM minutes
    WHERE taken_at BETWEEN $first_at::TIMESTAMP - INTERVAL 1 MINUTE AND $last_at::TIMESTAMP + INTERVAL 1 MINUTE
) AS m ON i.tank_no = m.tank_no
    AND date_trunc('minute', i.taken_at) = date_trunc('minute', m.taken_at)
    AND date_trunc('day', i.received_at) = date_trunc('day', m.received_at);

-- name: batches_of
-- Every batch of a source as it was sealed, in order.
SELECT batch, row_count, first_at, last_at, sha256 FROM batches WHERE source = $source ORDER BY batch;
