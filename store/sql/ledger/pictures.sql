-- name: keep
-- One picture under its digest; a lender that has it already keeps it from its first day on.
INSERT INTO pictures VALUES ($tenant, $sha256, $kept_at::TIMESTAMP, $content) ON CONFLICT DO NOTHING;

-- name: picture
-- The bytes of one digest, whichever lender it was drawn for.
SELECT content FROM pictures WHERE sha256 = $sha256 LIMIT 1;

-- name: drop
-- Pictures drawn before a moment: what they showed stays in the texts and figures that they were drawn from.
DELETE FROM pictures WHERE kept_at < $before::TIMESTAMP;
