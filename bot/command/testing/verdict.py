"""What was expected held against what happened: every difference as a line that says both."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from bot.command.replaying.stage import Happening
from bot.command.replaying.told import happening_line
from bot.judging import LOCAL
from datasources.workspace.cases import Case, Expected, Quiet
from datasources.workspace.cases_file import State


def differences(case: Case, happenings: Sequence[Happening], person: Callable[[str], str]) -> list[str]:
    """Nothing if all was as expected; else what is missing, with what came nearest, and what should not be.

    person: how an id is called in the lines of what happened.
    """
    told = [h for h in happenings if h.step != "closed"]
    left, wrong = list(told), []
    for expected in case.expected:
        found = next((h for h in left if _fits(expected, h)), None)
        if found is not None:
            left.remove(found)
        else:
            wrong += _missing(expected, told, person)
    for quiet in case.quiet:
        wrong += [f"+ in a quiet span: {happening_line(h, person)}" for h in told if _disturbs(quiet, h)]
    return wrong


def _fits(expected: Expected, h: Happening) -> bool:
    return expected.at <= h.at < expected.before and not _against(expected, h)


def _against(expected: Expected, h: Happening) -> list[str]:
    """The keys in which a step differs from the expected one; its time is not among them."""
    state = State.ACTIVE if h.active else State.RETURNED
    pairs = {
        "kind": (expected.kind, h.kind),
        "state": (expected.state, state),
        "severity": (expected.severity, h.severity),
        "line": (expected.line, h.line),
        "value_cny": (expected.value_cny, h.value_cny),
        "mentions": (_people(expected.mentions), _people(h.mentions)),
    }
    return [key for key, (wanted, got) in pairs.items() if wanted is not None and wanted != got]


def _people(ids: Iterable[str] | None) -> frozenset[str] | None:
    return None if ids is None else frozenset(ids)


def _missing(expected: Expected, told: Sequence[Happening], person: Callable[[str], str]) -> list[str]:
    """The expected step, and the steps of its kind that come nearest to it in time."""
    near = [h for h in told if h.kind is expected.kind]
    near.sort(key=lambda h: (not expected.at <= h.at < expected.before, abs(h.at - expected.at)))
    lines = [f"- {_words(expected)}"]
    if not near:
        return [*lines, f"  no {expected.kind.value} happened at all"]
    for h in near[:2]:
        differs = _against(expected, h)
        if not expected.at <= h.at < expected.before:
            differs.insert(0, "at")
        again = "was taken for another expectation" if not differs else f"differs in {', '.join(differs)}"
        lines += [f"+ {happening_line(h, person)}", f"  {again}{_named(differs, h)}"]
    return lines


def _named(differs: Sequence[str], h: Happening) -> str:
    return f": mentions [{', '.join(h.mentions)}]" if "mentions" in differs else ""


def _words(expected: Expected) -> str:
    parts = [_time(expected.at), expected.state.value, expected.kind.value]
    if expected.severity is not None:
        parts.append(expected.severity.name.lower())
    if expected.line is not None:
        parts.append(expected.line.value)
    if expected.value_cny is not None:
        parts.append(f"V {expected.value_cny:,.2f}")
    if expected.mentions is not None:
        parts.append(f"mentions [{', '.join(expected.mentions)}]")
    return "  ".join(parts)


def _disturbs(quiet: Quiet, h: Happening) -> bool:
    return h.active and quiet.start <= h.at <= quiet.end and (not quiet.kinds or h.kind in quiet.kinds)


def _time(at: datetime) -> str:
    return at.astimezone(LOCAL).isoformat(timespec="minutes")
