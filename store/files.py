"""The workspace's files as they were read, each once under its sha256: what the terms were at any past start."""

import hashlib
from collections.abc import Iterable

from domain.errors import StoreBroken
from store.database import Database, as_json
from store.queries import queries

SQL = queries("ledger/files.sql")
HOUSE = "@"
"""Whose rows they are: a workspace's files belong to no single lender."""


class Files:
    """The kept files of one ledger. Writing belongs to its writer thread."""

    _db: Database

    def keep_files(self, contents: Iterable[bytes]) -> int:
        """Keep what is not held yet; how many files that were."""
        offered = {hashlib.sha256(content).hexdigest(): content for content in contents}
        with self._db.transaction() as run:
            held = {d for (d,) in run.execute(SQL["held"], {"digests": as_json(sorted(offered))}).fetchall()}
            new = {digest: content for digest, content in offered.items() if digest not in held}
            for digest, content in new.items():
                run.execute(SQL["keep"], {"tenant": HOUSE, "sha256": digest, "content": content})
        return len(new)

    def kept_file(self, sha256: str) -> bytes | None:
        """The bytes of this digest, None where they were never kept. Raises StoreBroken where they are others."""
        with self._db.reading() as cursor:
            found = cursor.execute(SQL["file"], {"sha256": sha256}).fetchone()
        if found is None:
            return None
        content = bytes(found[0])
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoreBroken(f"workspace file {sha256[:12]}: its bytes have another digest; restore a backup")
        return content
