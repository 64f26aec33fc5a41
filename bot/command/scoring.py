"""``xiaoliuzi ask --batch``: every line of a file of questions answered, with what was understood beside it.

The file has the columns of an evaluation file: utterance and, if they are there, role and context. Nothing is posted.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from domain.errors import SourceMalformed
from domain.people import LENDER_ROLES, Audience, Chat, Person, Role, Roster

NEEDED = "utterance"
ADDED = ("predicted_intent", "predicted_slots", "status", "latency_ms")
AT_ONCE = 50
"""Lines in one request to a running bot."""
STRANGER = "?"
"""No id of anybody: the asker is unknown."""
_ROLES: Mapping[str, tuple[Role, ...]] = {
    "bank_clerk": (Role.POST_LOAN_OFFICER, Role.RELATIONSHIP_MANAGER, Role.DUTY_OFFICER),
    "bank_risk": (Role.RISK_OFFICER,),
    "borrower": (Role.BORROWER,),
    "depot": (Role.DEPOT,),
    "supervisor": (Role.SUPERVISOR,),
    "inspector": (Role.INSPECTOR,),
}

Ask = Callable[[dict[str, Any]], dict[str, Any]]


def rows_of(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The columns and the lines of a file. Raises SourceMalformed naming what is wrong with it."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            columns = list(reader.fieldnames or ())
            if NEEDED not in columns:
                raise SourceMalformed(f"{path}: no column {NEEDED!r} in {columns}; the first line names the columns")
            return columns, [{k: v or "" for k, v in row.items() if k is not None} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as e:
        raise SourceMalformed(f"{path}: {e}; a UTF-8 CSV file is needed") from e


def requests_of(
    rows: Sequence[Mapping[str, str]], roster: Roster, person: str | None, chat: str | None
) -> Iterator[dict[str, Any]]:
    """A question for each line. person and chat stand for every line's; else its role says who asks and where."""
    for row in rows:
        who, where = (person, chat) if person is not None or chat is not None else _asker(row.get("role", ""), roster)
        yield {"question": row[NEEDED], "as": who, "chat": where, "after": row.get("context", "")}


def answered(rows: Sequence[dict[str, str]], requests: Sequence[dict[str, Any]], ask: Ask) -> Iterator[dict[str, str]]:
    """Each line with what was understood and how it ended."""
    for at in range(0, len(rows), AT_ONCE):
        found = ask({"batch": list(requests[at : at + AT_ONCE])})
        if "error" in found:
            raise SourceMalformed(str(found["error"]))
        for row, answer in zip(rows[at : at + AT_ONCE], found["rows"], strict=True):
            yield row | _told(answer)


def write(columns: Sequence[str], lines: Iterator[dict[str, str]], out: TextIO) -> int:
    """Write a CSV with the added columns; how many lines."""
    writer = csv.DictWriter(out, [*columns, *(c for c in ADDED if c not in columns)], extrasaction="ignore")
    writer.writeheader()
    written = 0
    for written, line in enumerate(lines, 1):  # noqa: B007 - the number of the last line
        writer.writerow(line)
    return written


def _told(answer: Mapping[str, Any]) -> dict[str, str]:
    intents = answer["intents"] or [{"skill": "silence", "slots": {}}]
    slots = [i["slots"] for i in intents]
    return {
        "predicted_intent": "|".join(i["skill"] for i in intents),
        "predicted_slots": json.dumps(slots if len(slots) > 1 else slots[0], ensure_ascii=False),
        "status": str(answer["status"]),
        "latency_ms": str(answer["latency_ms"]),
    }


def _asker(role: str, roster: Roster) -> tuple[str | None, str | None]:
    """Somebody of this role in the chat that fits: the lender's people in theirs. Nobody known for 'outsider'."""
    if role not in _ROLES:
        return (None, None) if not role else (STRANGER, None)
    chats = sorted(roster.chats.values(), key=lambda c: c.audience is not Audience.BANK)
    for wanted in _ROLES[role]:
        for chat in chats:
            if (found := _member(chat, wanted, roster)) is not None:
                return found.id, chat.id
    return STRANGER, None


def _member(chat: Chat, role: Role, roster: Roster) -> Person | None:
    fits = chat.audience is Audience.BANK or (chat.audience is Audience.PROJECT and role not in LENDER_ROLES)
    members = (roster.people[m] for m in chat.members)
    return next((p for p in members if p.role is role), None) if fits else None
