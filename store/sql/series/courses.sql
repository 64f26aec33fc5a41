-- name: newest
-- The last quarter of an hour for which a contract has a point; NULL before the first.
SELECT max(slot) FROM courses WHERE contract_id = $contract_id;

-- name: add
-- One contract's point of a quarter of an hour.
INSERT INTO courses VALUES (
    $contract_id, $slot, $at_time::TIMESTAMP, $recognised, $last_known, $exposure, $warn, $control, $disposal, $complete
);

-- name: add_parts
-- The tanks of one point; $rows is a JSON list of objects.
INSERT INTO course_parts BY NAME
SELECT $contract_id AS contract_id, $slot AS slot, unnest(from_json($rows, '[{
    "tank_id": "VARCHAR", "site_id": "VARCHAR", "good": "VARCHAR", "kg": "BIGINT",
    "value_cny": "DECIMAL(18, 2)", "cny_t": "DECIMAL(18, 6)"
}]'), max_depth := 2);

-- name: course
-- A contract's points after one moment and by another, oldest first.
SELECT at_time, recognised, last_known, exposure, warn, control, disposal, complete
FROM courses
WHERE contract_id = $contract_id AND at_time > $start::TIMESTAMP AND at_time <= $end::TIMESTAMP
ORDER BY at_time;

-- name: sums
-- The sum over some tanks, goods or sites at each of its points; each filter is a JSON list, or NULL for all.
SELECT
    at_time,
    sum(kg)::BIGINT AS kg,
    count(*) - count(kg) AS unmeasured,
    sum(value_cny) AS value_cny,
    max(cny_t) AS cny_t
FROM courses
JOIN course_parts USING (contract_id, slot)
WHERE contract_id = $contract_id AND at_time > $start::TIMESTAMP AND at_time <= $end::TIMESTAMP
    AND ($tanks IS NULL OR tank_id IN (SELECT unnest(from_json($tanks, '["VARCHAR"]'))))
    AND ($goods IS NULL OR good IN (SELECT unnest(from_json($goods, '["VARCHAR"]'))))
    AND ($sites IS NULL OR site_id IN (SELECT unnest(from_json($sites, '["VARCHAR"]'))))
GROUP BY at_time
ORDER BY at_time;

-- name: tank_masses
-- What some tanks held of the contract at each of its points, oldest first; $tanks is a JSON list.
SELECT tank_id, at_time, kg
FROM courses
JOIN course_parts USING (contract_id, slot)
WHERE contract_id = $contract_id AND at_time > $start::TIMESTAMP AND at_time <= $end::TIMESTAMP
    AND kg IS NOT NULL AND tank_id IN (SELECT unnest(from_json($tanks, '["VARCHAR"]')))
ORDER BY at_time;

-- name: first
-- When the points of a contract begin; NULL before the first.
SELECT min(at_time) FROM courses WHERE contract_id = $contract_id;

-- name: thin_parts
-- Of what is older than a quarter of an hour with this number, only the first of each hour stays.
DELETE FROM course_parts WHERE slot < $before AND slot % 4 <> 0;

-- name: thin
-- Likewise of the points themselves.
DELETE FROM courses WHERE slot < $before AND slot % 4 <> 0;
