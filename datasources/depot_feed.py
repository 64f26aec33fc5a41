"""What a depot says on paper: work orders, release notices, its book and its ownership ledger, over HTTP. Claims.

Documents are {as_of, rows: […]}; times ISO-8601 with Z or an offset, masses whole kg in air. A row that names a site
outside this depot is refused: nobody may write another's book.
"""

from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from datasources.feed import (
    BadRow,
    client,
    fetch_document,
    fields,
    kept,
    kilograms,
    moment,
    optional_moment,
    optional_text,
    rows_of,
    text,
    truth,
)
from datasources.ownership_rows import entry_of
from domain.errors import SourceAbsent, SourceMalformed
from domain.movement import BookRow, Direction, Feed, ReleaseNotice, WorkOrder
from domain.ownership.entry import Entry

Row = TypeVar("Row", WorkOrder, ReleaseNotice, BookRow, Entry)
Heard = tuple[Feed[Row], tuple[BadRow, ...]]
Document = Literal["workorders", "releases", "book", "ledger"]


class DepotFeed:
    """The feeds of one depot. Each call raises SourceUnavailable or SourceMalformed; single bad rows come back."""

    def __init__(self, base_url: str, *, site_ids: frozenset[str], timeout_s: float = 5.0) -> None:
        """site_ids: the sites that this depot may speak for."""
        self._base_url = base_url.rstrip("/")
        self._site_ids = site_ids
        self._timeout_s = timeout_s
        self._http = client(base_url, timeout_s)

    async def work_orders(self, since: datetime, now: datetime) -> Heard[WorkOrder]:
        """Orders that are open or were written to since then; ``now`` becomes received_at. ``since`` must be aware."""
        return await self._feed("workorders", now, lambda row, _: self._order(row), _order_key, _since(since))

    async def releases(self, now: datetime) -> Heard[ReleaseNotice]:
        """All release notices that the depot knows of."""
        return await self._feed("releases", now, lambda row, _: self._release(row), lambda notice: notice.no)

    async def book(self, now: datetime) -> Heard[BookRow]:
        """Who owns how much in which tank, as the depot's book has it."""
        return await self._feed("book", now, self._book_row, _book_key)

    async def ledger(self, since: datetime | None, now: datetime) -> Heard[Entry] | None:
        """Entries of the ownership ledger written since then (aware), or all; None: the depot keeps none (404)."""
        params = _since(since) if since is not None else None
        try:
            return await self._feed(
                "ledger", now, lambda row, _: entry_of(row, self._site(row)), lambda e: e.key, params
            )
        except SourceAbsent:
            return None

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _feed(
        self,
        document: Document,
        now: datetime,
        read: Callable[[Mapping[str, Any], datetime], Row],
        key: Callable[[Row], Hashable],
        params: Mapping[str, str] | None = None,
    ) -> Heard[Row]:
        url = f"{self._base_url}/{document}"
        answer = await fetch_document(self._http, url, timeout_s=self._timeout_s, params=params)
        as_of = moment(answer, "as_of")
        seen: dict[Hashable, Row] = {}

        def once(row: object) -> None:
            """Keep the first of a number; raise for another that says something else."""
            value = read(fields(row), as_of)
            first = seen.setdefault(key(value), value)
            if first != value:
                raise SourceMalformed(f"{key(value)!r} again with other content; the first is kept")

        _, bad = kept(((f"{document}[{i}]", row) for i, row in enumerate(rows_of(answer, "rows"))), once)
        return Feed(rows=tuple(seen.values()), as_of=as_of, received_at=now), tuple(bad)

    def _order(self, row: Mapping[str, Any]) -> WorkOrder:
        return WorkOrder(
            no=text(row, "no"),
            site_id=self._site(row),
            tank_id=text(row, "tank"),
            direction=_direction(row),
            good=text(row, "good"),
            planned_kg=kilograms(row, "planned_kg"),
            done_kg=kilograms(row, "done_kg"),
            opened_at=moment(row, "opened_at"),
            closed_at=optional_moment(row, "closed_at"),
            release_no=optional_text(row, "release_no"),
            owner=optional_text(row, "owner"),
        )

    def _release(self, row: Mapping[str, Any]) -> ReleaseNotice:
        return ReleaseNotice(
            no=text(row, "no"),
            owner=text(row, "owner"),
            site_id=self._site(row),
            tank_id=text(row, "tank"),
            good=text(row, "good"),
            mass_kg=kilograms(row, "mass_kg"),
            issued_at=moment(row, "issued_at"),
            valid_until=moment(row, "valid_until"),
            sealed=truth(row, "sealed"),
        )

    def _book_row(self, row: Mapping[str, Any], as_of: datetime) -> BookRow:
        return BookRow(
            site_id=self._site(row),
            tank_id=text(row, "tank"),
            good=text(row, "good"),
            owner=text(row, "owner"),
            mass_kg=kilograms(row, "mass_kg"),
            heel_kg=kilograms(row, "heel_kg") if "heel_kg" in row else 0,
            as_of=as_of,
        )

    def _site(self, row: Mapping[str, Any]) -> str:
        site = text(row, "site")
        if site not in self._site_ids:
            raise SourceMalformed(f"'site' is {site!r}, this depot may speak for {sorted(self._site_ids)}")
        return site


def _since(since: datetime) -> dict[str, str]:
    if since.utcoffset() is None:
        raise ValueError(f"since {since.isoformat()} has no time zone")
    return {"since": since.astimezone(UTC).isoformat().replace("+00:00", "Z")}


def _direction(row: Mapping[str, Any]) -> Direction:
    written = text(row, "direction")
    try:
        return Direction(written)
    except ValueError as e:
        allowed = ", ".join(Direction)
        raise SourceMalformed(f"'direction' is {written!r}, {allowed} are allowed") from e


def _order_key(order: WorkOrder) -> tuple[str, str]:
    """A transfer is two lines, one per tank, with one number."""
    return order.no, order.tank_id


def _book_key(row: BookRow) -> tuple[str, str, str]:
    return row.tank_id, row.good, row.owner
