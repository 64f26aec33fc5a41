"""Which pledged tanks a question is about: those of the visible contracts that the names of tanks, goods and sites leave."""

from collections.abc import Mapping

from domain.contract import Contract, Field
from domain.position import Item
from skills.ports import View
from skills.scope import asked, ids, not_found
from skills.skill import Answer, Status

Row = tuple[Contract, Item]


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
    rows = list(found.values())
    for name in ("tank", "good", "site"):
        wanted = ids(arguments, name)
        if wanted and not set(wanted) & {of(r, name) for r in rows}:
            return not_found(name)
        rows = [r for r in rows if not wanted or of(r, name) in wanted]
    if not rows:
        return not_found("tank")
    seen = [r for r in rows if needs is None or needs in view.may(r[0].id)]
    if not seen and needs is not None:
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [needs.value]})
    return seen


def of(row: Row, name: str) -> str:
    """The row's 'tank', 'good' or 'site' id."""
    held = row[1].holding
    return {"tank": held.tank_id, "good": held.good, "site": held.site_id}[name]


def named(arguments: Mapping[str, str]) -> dict[str, list[str]]:
    """What the question names, for the words: ids by kind."""
    return {name: list(ids(arguments, name)) for name in ("tank", "good", "site")}


def _positions(view: View, contracts: tuple[Contract, ...]) -> list[tuple[Contract, tuple[Item, ...]]]:
    """A tank that two contracts have a part in is told under the first of them."""
    known = [(c, view.position(c.id)) for c in reversed(contracts)]
    return [(c, p.items) for c, p in known if p is not None]
