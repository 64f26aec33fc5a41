"""Pictures that were sent, each once under its sha256. Drawn from figures that the series keeps: after a while they go."""

import hashlib
from datetime import datetime

from store.database import Database
from store.moments import stored
from store.queries import queries

SQL = queries("ledger/pictures.sql")


class Pictures:
    """The pictures of one ledger. Writing belongs to its writer thread."""

    _db: Database

    def keep_picture(self, tenant: str, png: bytes, now: datetime) -> str:
        """Keep a picture for this lender; its digest, by which a message refers to it."""
        digest = hashlib.sha256(png).hexdigest()
        given = {"tenant": tenant, "sha256": digest, "kept_at": stored(now), "content": png}
        with self._db.transaction() as run:
            run.execute(SQL["keep"], given)
        return digest

    def picture(self, sha256: str) -> bytes | None:
        """The bytes of this digest, None where it was never kept or has gone."""
        with self._db.reading() as cursor:
            found = cursor.execute(SQL["picture"], {"sha256": sha256}).fetchone()
        return None if found is None else bytes(found[0])

    def drop_pictures(self, before: datetime) -> None:
        """Let go of what was drawn before a moment."""
        with self._db.transaction() as run:
            run.execute(SQL["drop"], {"before": stored(before)})
