"""Checks of ``process:`` against the pledge: a plant that could not be judged is told before it runs."""

from collections.abc import Iterable

from datasources.workspace.contracts import ContractFile
from datasources.workspace.part import Sheet
from datasources.workspace.pledge import Ground
from datasources.workspace.problem import suggestion
from datasources.workspace.process import FlowPart, ProcessPart


def check_processes(sheets: Iterable[Sheet[ContractFile]], ground: Ground) -> None:
    """Every plant stands in pledged tanks of its goods, is gauged and papered, and can be told from the others."""
    for sheet in sheets:
        pledged = {t for p in sheet.part.pledged for t in p.tanks}
        used: dict[str, int] = {}
        pairs: dict[tuple[str, str], int] = {}
        for part in sheet.part.process:
            _check_pair(sheet, part, pairs)
            if part.lag_hours >= part.window_hours:
                wrong = f"{part.lag_hours:g} is not below window_hours {part.window_hours:g}"
                sheet.error(part, "lag_hours", wrong=wrong, instead="write how long the product takes at most")
            for side in (part.input, part.output):
                _check_tanks(sheet, side, pledged, ground)
                _once(sheet, side, used)


def _check_pair(sheet: Sheet[ContractFile], part: ProcessPart, pairs: dict[tuple[str, str], int]) -> None:
    pair = part.input.good, part.output.good
    if pair[0] == pair[1]:
        wrong = f"makes {pair[1]!r} of {pair[0]!r}: that is no process"
        sheet.error(part.output, "good", wrong=wrong, instead="write what is made, or delete the process")
    elif pairs.setdefault(pair, part.node.line) != part.node.line:
        wrong = f"{pair[0]} → {pair[1]} is there already, in line {pairs[pair]}"
        sheet.error(part, "output", wrong=wrong, instead="put all its tanks under one process")


def _check_tanks(sheet: Sheet[ContractFile], side: FlowPart, pledged: set[str], ground: Ground) -> None:
    if not side.tanks:
        sheet.error(side, "tanks", wrong="names no tank", instead=f"write the pledged tanks that hold {side.good}")
    for i, tank in enumerate(side.tanks):
        good, site = ground.good_of.get(tank), ground.site_of.get(tank)
        if tank not in pledged:
            remedy = suggestion(tank, pledged, add="pledge it under pledged, or take it out here")
            wrong = f"tank {tank!r} is not pledged to this contract: what it holds nobody counts"
            sheet.error(side, "tanks", i, wrong=wrong, instead=remedy)
        elif good is not None and good != side.good:
            wrong = f"tank {tank!r} holds {good!r}, not {side.good!r}"
            sheet.error(side, "tanks", i, wrong=wrong, instead=_fits(side, ground))
        elif site is not None and site not in ground.booked:
            wrong = f"the plant could never be judged: site {site!r} of tank {tank!r} has no feeds"
            sheet.error(
                side, "tanks", i, wrong=wrong, instead="write the site's feeds: work orders tell feed from sale"
            )


def _fits(side: FlowPart, ground: Ground) -> str:
    fits = sorted(t for t, good in ground.good_of.items() if good == side.good)
    return f"write one of {', '.join(fits)}" if fits else f"no tank holds {side.good!r}: correct the good"


def _once(sheet: Sheet[ContractFile], side: FlowPart, used: dict[str, int]) -> None:
    """A tank that stands in two places would lend its change of mass to both."""
    for i, tank in enumerate(side.tanks):
        if tank in used:
            wrong = f"tank {tank!r} stands in a process already, in line {used[tank]}: its change cannot be shared out"
            sheet.error(side, "tanks", i, wrong=wrong, instead="name each tank once in all processes")
        used.setdefault(tank, side.node.line)
