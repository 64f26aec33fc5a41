"""The import of a receipt register: rows of one number are one receipt, so they are taken when all of the file is read."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import partial

from bot.command.importing.tally import Kept, Tally
from bot.registering import Followed, RegisterTaker
from datasources.imports.claims import ClaimReader, ClaimRows
from datasources.imports.problem import RowProblem
from datasources.imports.receipts import RegisterRow, part, registered, row_of
from datasources.imports.sheet import Block
from datasources.workspace import Workspace
from domain.calendar import CHINA
from domain.errors import ReceiptError, SourceMalformed
from domain.receipt.register import Registered

REMEDY = "correct the register, or record what happened in between"
REMEDIES: Mapping[str, str] = {
    "unknown": "give the number's own rows in the same file, or leave split_from blank if it was split before the pledge",
    "over": "leave split_from blank: what is pledged after the number was let go is a new receipt",
    "pledged": "release it first, by a case or a file with pledged_kg 0 and cancelled_on blank; then import this again",
    "known": "numbers are used once: correct it, or leave split_from blank where it is pledged already",
    "sum": "give all parts, tank by tank, with together the kg that are left of the number before",
    "few": "give all parts of the split in one file, two or more",
    "split": "say of a number either that it is split, in all its parts at once, or how much of it is in pledge",
    "case": "end the case, then import this again",
}
UNSURE = "a bad row names it in split_from, so what it says is not taken for a release"


class ReceiptImport:
    """The receipts of one file: events of the lenders' chains, not series."""

    def __init__(self, workspace: Workspace, taker: RegisterTaker, *, now: datetime, zone: tzinfo | None) -> None:
        self._workspace = workspace
        self._tanks = {tank.id: tank for tank in workspace.index.tanks}
        today = now.astimezone(CHINA).date()
        read = partial(row_of, contracts=workspace.contracts, tanks=self._tanks, today=today)
        self._reader: ClaimReader[RegisterRow] = ClaimReader(read, part, now=now, zone=zone)
        self._taker = taker
        self._rows: dict[tuple[str, str], list[RegisterRow]] = defaultdict(list)
        self._unsure: set[str] = set()

    async def begin(self) -> None:
        """Nothing to make ready."""

    def read(self, block: Block) -> ClaimRows[RegisterRow]:
        """Check a block; for any thread, one block at a time. Raises SourceMalformed for a file that is too long."""
        rows = self._reader.read(block)
        bad = {p.line for p in rows.problems}
        named = zip(block.lines, block.cells.get("split_from", ()), strict=False)
        self._unsure |= {before.strip() for line, before in named if line in bad}
        return rows

    async def keep(self, read: ClaimRows[RegisterRow]) -> Kept:
        """Lay the rows to their receipts."""
        for row in read.claims:
            self._rows[row.contract_id, row.no].append(row)
        return Kept(tally=Tally(rows=len(read.problems), bad=len(read.problems)), problems=read.problems)

    async def end(self) -> Kept:
        """Take what the rows make, in the order of the file. Raises StoreError."""
        made: list[Registered] = []
        why: dict[tuple[str, str], tuple[str, str]] = {}
        sites = self._workspace.sites
        for name, rows in self._rows.items():
            try:
                made.append(registered(rows, self._workspace.contracts, self._tanks, sites))
            except SourceMalformed as e:
                why[name] = (str(e), REMEDY)
                self._unsure |= {r.split_from for r in rows if r.split_from is not None}
        unsure = {(m.contract_id, m.receipt.no) for m in made if m.receipt.no in self._unsure}
        why |= dict.fromkeys(unsure, (UNSURE, "correct that row, then import this again"))
        told = await self._taker.take([m for m in made if (m.contract_id, m.receipt.no) not in unsure])
        why |= {n: (str(e), REMEDIES.get(e.code, REMEDY)) for n, e in told.items() if isinstance(e, ReceiptError)}
        counts = {name: len(rows) for name, rows in self._rows.items()}
        added = sum(n for name, n in counts.items() if told.get(name) is Followed.ANEW)
        already = sum(n for name, n in counts.items() if told.get(name) is Followed.KNOWN)
        problems = tuple(self._problem(name, *why[name]) for name in self._rows if name in why)
        whole = sum(counts.values())
        tally = Tally(rows=whole, added=added, already=already, bad=whole - added - already)
        return Kept(tally=tally, problems=problems)

    def _problem(self, name: tuple[str, str], wrong: str, instead: str) -> RowProblem:
        return RowProblem(line=self._reader.line_of(self._rows[name][0]), column="no", wrong=wrong, instead=instead)
