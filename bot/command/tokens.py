"""What ``xiaoliuzi token`` prints."""

from collections.abc import Iterator
from typing import Any


def lines_of(found: dict[str, Any]) -> Iterator[str]:
    """A new token, the list of all, or what was revoked."""
    if "token" in found:
        yield found["token"]
        yield f"id {found['id']}, until {found['expires_at']}; it is not shown again"
    elif "revoked" in found:
        yield f"{found['revoked']} is revoked"
    for t in found.get("tokens", ()):
        yield f"{t['id']}  {t['state']:<7}  {t['person']} in {t['chat']}  until {t['expires_at']}  {t['name']}"
