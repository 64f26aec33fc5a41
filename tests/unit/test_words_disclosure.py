"""What a chat may not read is in no message: every kind, every step, every set of granted fields."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from bot.wording import figures
from bot.wording.disclosure import NEEDS, seen_only
from bot.words import Words
from domain.contract import Field
from domain.event import Json
from domain.notice import Notice
from tests.data.words import alarms
from tests.data.words.hengyun import CONTRACT, ROSTER, Labels, Told

WORDS = Words(Labels())
SUBSETS = [frozenset(s) for n in range(len(Field) + 1) for s in combinations(Field, n)]
NEVER_SHOWN = {"goods.MEOH", "goods.D0", "goods.B70", "goods.MTBE", "goods.MEG", "ref"}
"""Facts that rules keep for themselves."""


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every fact with its dotted path; rows of a list share one."""
    if isinstance(value, Mapping):
        for key, inside in value.items():
            yield from leaves(inside, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for inside in value:
            yield from leaves(inside, path)
    elif isinstance(value, list):
        yield path, None
    else:
        yield path, value


def told_facts(told: Told) -> Json:
    """The facts that this step's event carries."""
    facts = told.event.body.get("facts", told.alarm.facts)
    return facts.get("now") or {} if told.event.kind == "alarm.returned" else facts


@pytest.mark.parametrize("case", alarms.CASES)
def test_every_fact_of_a_rule_has_its_line_in_the_table(case: str) -> None:
    told = alarms.CASES[case]()
    needs = NEEDS[told.alarm.kind]
    for path, _ in leaves(told_facts(told)):
        listed = path in needs or f"{path.rpartition('.')[0]}.*" in needs
        hidden = any(path == p or path.startswith(f"{p}.") for p in NEVER_SHOWN)
        assert listed or hidden, f"{path!r} of {told.alarm.kind}: say in NEEDS who may read it"


def test_every_line_of_the_table_is_a_fact_of_a_rule() -> None:
    found: dict[str, set[str]] = {}
    for make in alarms.CASES.values():
        told = make()
        paths = {p for p, _ in leaves(told_facts(told))}
        prefixes = {".".join(p.split(".")[:n]) for p in paths for n in range(1, len(p.split(".")) + 1)}
        found.setdefault(told.alarm.kind, set()).update(prefixes)
    shared = found["value_below_line"] | found["blind_breach"]
    found["value_below_line"] = found["blind_breach"] = shared
    gone = {(k, p) for k, needs in NEEDS.items() for p in needs if not p.endswith(".*") and p not in found[k]}
    assert gone == set()


@pytest.mark.parametrize("case", alarms.CASES)
def test_no_withheld_figure_is_in_any_message(case: str) -> None:
    told = alarms.CASES[case]()
    facts = told_facts(told)
    for chat, notice in told.notices.items():
        for seen in SUBSETS:
            text = _text(told, replace(notice, seen=seen))
            allowed = set(_forms(seen_only(facts, told.alarm.kind, seen)))
            withheld = {form for form in _forms(facts) if form not in allowed}
            shown = sorted(form for form in withheld if form in text)
            assert not shown, f"{case} in {chat} with {sorted(seen)}: {shown}\n{text}"


@pytest.mark.parametrize("case", alarms.CASES)
def test_without_ltv_nothing_speaks_of_loan_or_cash(case: str) -> None:
    told = alarms.CASES[case]()
    for notice in told.notices.values():
        text = _text(told, replace(notice, seen=frozenset({Field.VALUE, Field.QUANTITY, Field.LINE})))
        assert not any(word in text for word in ("质押率", "敞口", "保证金", "本金"))


def test_a_fact_that_nobody_has_listed_is_not_shown() -> None:
    told = alarms.value_below_line()
    facts = {**told_facts(told), "secret_cny": "1"}
    assert "secret_cny" not in seen_only(facts, told.alarm.kind, frozenset(Field))


def _text(told: Told, notice: Notice) -> str:
    return WORDS.notice(notice, told.alarm, CONTRACT, ROSTER, now=told.event.occurred_at).text


def _forms(facts: Json) -> Iterator[str]:
    """Every way in which a figure among the facts may be written; those too short to tell anything are left out."""
    for path, value in leaves(facts):
        name = path.rpartition(".")[2]
        if value is None or isinstance(value, bool) or not _numeric(value):
            continue
        if "cny" in name or name in {"warn", "control", "disposal"}:
            yield from (w for w in (figures.yi(value), figures.yi_up(value), figures.signed(value)) if len(w) > 6)
        if "ratio" in name or "ltv" in path or name.startswith("drop"):
            yield figures.pct(value)
        if name.endswith("_kg") or name == "kg":
            yield figures.t(value)
        if name.endswith("_mm"):
            yield figures.metres(value)
        if name == "tonnes":
            yield figures.t_up(value)
        if name == "rate_t_h":
            yield figures.rate(value)


def _numeric(value: Any) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
