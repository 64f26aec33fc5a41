"""Which pledged tanks a question is about: those of the visible contracts that the names of tanks, goods and sites leave."""

from collections.abc import Mapping, Sequence

from domain.contract import Contract, Field
from domain.event import Json
from domain.position import Item
from skills.ports import Stand, View
from skills.scope import asked, ids, not_found
from skills.skill import Answer, Status

Row = tuple[Contract, Item]
KINDS = ("tank", "good", "site")
MOST = 4
"""So many tanks, goods or sites are named where what was asked for does not go together."""


def chosen(view: View, arguments: Mapping[str, str], *, needs: Field | None = Field.QUANTITY) -> list[Row] | Answer:
    """One row per tank, or why there is none. needs: what must be open to everybody here, else a tank is left out.

    NOT_PERMITTED where that leaves none; NO_DATA before the first valuation, or for a name that no visible pledge holds.
    """
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    found = {i.holding.tank_id: (c, i) for c, p in _positions(view, contracts) for i in p}
    if not found:
        return Answer(status=Status.NO_DATA, kind="no_position", facts={})
    rows = picked(view, list(found.values()), arguments, needs=needs)
    if isinstance(rows, Answer):
        return rows
    seen = [r for r in rows if needs is None or needs in view.may(r[0].id)]
    if not seen and needs is not None:
        return _withheld(needs)
    return seen


def picked(
    view: Stand, rows: Sequence[Row], arguments: Mapping[str, str], *, needs: Field | None
) -> list[Row] | Answer:
    """The rows that all names leave. A name that no row has is not found; where each has some but none has all, what
    the rows hold instead, as far as ``needs`` is open here.
    """
    wanted = {n: set(found) for n in KINDS if (found := ids(arguments, n))}
    for name, mine in wanted.items():
        if not any(of(r, name) in mine for r in rows):
            return not_found(name)
    left = [r for r in rows if all(of(r, n) in mine for n, mine in wanted.items())]
    return left or _apart(view, rows, arguments, needs)


def _apart(view: Stand, rows: Sequence[Row], arguments: Mapping[str, str], needs: Field | None) -> Answer:
    """First what is in the named tanks, or where they are; else what the site holds, and where the good lies."""
    pairs = (("tank", "good"), ("tank", "site"), ("site", "good"))
    at, what = next((p for p in pairs if _none_of(rows, arguments, p)), ("tank", "site"))
    mine = [r for r in rows if of(r, at) in ids(arguments, at)]
    if needs is not None and not any(needs in view.may(c.id) for c, _ in mine):
        return _withheld(needs)
    where = [r for r in rows if of(r, what) in ids(arguments, what)] if at == "site" else []
    facts: Json = {
        "at": at,
        "what": what,
        "there": {i: _of_each(mine, at, i, what) for i in _different(mine, at)[:MOST]},
        "asked": list(ids(arguments, what)),
        "where": _different(where, "site")[:MOST],
    }
    return Answer(status=Status.NO_DATA, kind="apart", facts=facts)


def _none_of(rows: Sequence[Row], arguments: Mapping[str, str], pair: tuple[str, str]) -> bool:
    """Both are named, and no row has both."""
    first, second = (ids(arguments, n) for n in pair)
    return bool(first and second) and not any(of(r, pair[0]) in first and of(r, pair[1]) in second for r in rows)


def _of_each(rows: Sequence[Row], at: str, id_: str, what: str) -> list[str]:
    return _different([r for r in rows if of(r, at) == id_], what)[:MOST]


def _different(rows: Sequence[Row], name: str) -> list[str]:
    return list(dict.fromkeys(of(r, name) for r in rows))


def _withheld(needs: Field) -> Answer:
    return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [needs.value]})


def of(row: Row, name: str) -> str:
    """The row's 'tank', 'good' or 'site' id."""
    held = row[1].holding
    return {"tank": held.tank_id, "good": held.good, "site": held.site_id}[name]


def named(arguments: Mapping[str, str]) -> dict[str, list[str]]:
    """What the question names, for the words: ids by kind."""
    return {name: list(ids(arguments, name)) for name in KINDS}


def _positions(view: View, contracts: tuple[Contract, ...]) -> list[tuple[Contract, tuple[Item, ...]]]:
    """A tank that two contracts have a part in is told under the first of them."""
    known = [(c, view.position(c.id)) for c in reversed(contracts)]
    return [(c, p.items) for c, p in known if p is not None]
