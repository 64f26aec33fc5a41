-- name: held
-- Which of these digests are held already; $digests is a JSON list.
SELECT sha256 FROM workspace_files WHERE sha256 IN (SELECT unnest(from_json($digests, '["VARCHAR"]')));

-- name: keep
-- One file's bytes under their digest.
INSERT INTO workspace_files VALUES ($tenant, $sha256, $content);

-- name: file
-- The bytes of one digest.
SELECT content FROM workspace_files WHERE sha256 = $sha256;
