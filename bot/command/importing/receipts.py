"""The import of a receipt register: rows of one number are one receipt, so they are taken when all of the file is read."""

from collections import defaultdict
from datetime import datetime, tzinfo
from functools import partial

from bot.command.importing.tally import Kept, Tally
from bot.registering import RegisterTaker, Told
from datasources.imports.claims import ClaimReader, ClaimRows
from datasources.imports.problem import RowProblem
from datasources.imports.receipts import RegisterRow, part, registered, row_of
from datasources.imports.sheet import Block
from datasources.workspace import Workspace
from domain.errors import SourceMalformed
from domain.receipt.register import Registered

REMEDY = "correct the register, or record what happened in between"


class ReceiptImport:
    """The receipts of one file: events of the lenders' chains, not series."""

    def __init__(self, workspace: Workspace, taker: RegisterTaker, *, now: datetime, zone: tzinfo | None) -> None:
        self._workspace = workspace
        self._tanks = {tank.id: tank for tank in workspace.index.tanks}
        read = partial(row_of, contracts=workspace.contracts, tanks=self._tanks)
        self._reader: ClaimReader[RegisterRow] = ClaimReader(read, part, now=now, zone=zone)
        self._taker = taker
        self._rows: dict[tuple[str, str], list[RegisterRow]] = defaultdict(list)

    async def begin(self) -> None:
        """Nothing to make ready."""

    def read(self, block: Block) -> ClaimRows[RegisterRow]:
        """Check a block; for any thread, one block at a time. Raises SourceMalformed for a file that is too long."""
        return self._reader.read(block)

    async def keep(self, read: ClaimRows[RegisterRow]) -> Kept:
        """Lay the rows to their receipts."""
        for row in read.claims:
            self._rows[row.contract_id, row.no].append(row)
        return Kept(tally=Tally(rows=len(read.problems), bad=len(read.problems)), problems=read.problems)

    async def end(self) -> Kept:
        """Take what the rows make, in the order of the file. Raises StoreError."""
        made: list[Registered] = []
        why: Told = {}
        sites = self._workspace.sites
        for name, rows in self._rows.items():
            try:
                made.append(registered(rows, self._workspace.contracts, self._tanks, sites))
            except SourceMalformed as e:
                why[name] = str(e)
        why |= await self._taker.take(made)
        counts = {name: len(rows) for name, rows in self._rows.items()}
        added = sum(n for name, n in counts.items() if why[name] is None)
        already = sum(n for name, n in counts.items() if why[name] == "")
        problems = tuple(self._problem(name, wrong) for name, wrong in why.items() if wrong)
        whole = sum(counts.values())
        tally = Tally(rows=whole, added=added, already=already, bad=whole - added - already)
        return Kept(tally=tally, problems=problems)

    def _problem(self, name: tuple[str, str], wrong: str) -> RowProblem:
        return RowProblem(line=self._reader.line_of(self._rows[name][0]), column="no", wrong=wrong, instead=REMEDY)
