"""``process:`` and ``buyback:`` as written: what they become, and every mistake in its line with its remedy."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from datasources.workspace import Problem, load
from domain.contract import Buyback
from domain.process import Process

SOUND = Path(__file__).parents[2] / "examples" / "formaldehyde"
FILE = "contracts/RZ-2026-011.yaml"
NOW = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
KNOWN = "the borrower's own depot"
"""The one warning of the example as it is."""


def changed(tmp_path: Path, *edits: tuple[str, str]) -> tuple[Path, list[Problem]]:
    """A copy of the example with these texts in place of others, and what is said of it beyond the known warning."""
    target = tmp_path / "w"
    shutil.copytree(SOUND, target)
    text = (target / FILE).read_text("utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (target / FILE).write_text(text, "utf-8")
    return target, [p for p in load(target, now=NOW).problems if KNOWN not in p.wrong]


def test_the_plant_becomes_terms_in_kg_and_seconds() -> None:
    contract = load(SOUND, now=NOW).sound().contracts["RZ-2026-011"]
    assert contract.process == (
        Process(
            input_good="METHANOL",
            input_tanks=("M-1", "M-2"),
            output_good="FORMALDEHYDE37",
            output_tanks=("F-1", "F-2"),
            least_yield=2.15,
            most_yield=2.40,
            window_s=86400.0,
            min_input_kg=20_000.0,
            lag_s=7200.0,
        ),
    )
    assert contract.buyback is None


def test_without_its_window_the_plant_is_judged_over_a_day(tmp_path: Path) -> None:
    edits = [("    window_hours: 24\n", ""), ("    min_input_t: 20 ", "    # "), ("    lag_hours: 2 ", "    # ")]
    target, problems = changed(tmp_path, *edits)
    assert problems == []
    (plant,) = load(target, now=NOW).sound().contracts["RZ-2026-011"].process
    assert (plant.window_s, plant.min_input_kg, plant.lag_s) == (86400.0, 20_000.0, 7200.0)


@dataclass(frozen=True, kw_only=True)
class Slip:
    old: str
    new: str
    wrong: str
    instead: str


ONE_MORE = """
  - input: {good: METHANOL, tanks: [M-2]}
    output: {good: FORMALDEHYDE37, tanks: [F-2]}
    yield_band: [2.15, 2.40]

duties:
"""
SLIPS = {
    "unknown tank": Slip(
        old="tanks: [M-1, M-2]}", new="tanks: [M-1, M-3]}", wrong="'M-3' is not pledged", instead="'M-"
    ),
    "tank of another good": Slip(
        old="tanks: [F-1, F-2]}\n", new="tanks: [F-1, M-2]}\n", wrong="holds 'METHANOL', not", instead="one of F-1, F-2"
    ),
    "tank on both sides": Slip(
        old="tanks: [F-1, F-2]}\n", new="tanks: [F-1, M-2]}\n", wrong="cannot be shared out", instead="each tank once"
    ),
    "raw and finished are one": Slip(
        old="output: {good: FORMALDEHYDE37, tanks: [F-1, F-2]}",
        new="output: {good: METHANOL, tanks: [F-1, F-2]}",
        wrong="makes 'METHANOL' of 'METHANOL'",
        instead="write what is made",
    ),
    "no tank": Slip(old="tanks: [M-1, M-2]}", new="tanks: []}", wrong="names no tank", instead="METHANOL"),
    "falling band": Slip(old="[2.15, 2.40]", new="[2.40, 2.15]", wrong="does not rise", instead="[smaller, larger]"),
    "band as one figure": Slip(old="[2.15, 2.40]", new="2.3", wrong="is not a pair", instead="[from, to]"),
    "lag beyond the window": Slip(
        old="lag_hours: 2 ", new="lag_hours: 24 ", wrong="not below window", instead="at most"
    ),
    "twice": Slip(old="\nduties:\n", new=ONE_MORE, wrong="is there already, in line", instead="under one process"),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_a_plant_that_could_not_be_judged_is_told(slip: Slip, tmp_path: Path) -> None:
    target, problems = changed(tmp_path, (slip.old, slip.new))
    told = next((p for p in problems if slip.wrong in p.wrong), None)
    assert told is not None, "\n".join(map(str, problems))
    assert slip.instead in told.instead
    assert (told.file, told.severity) == (FILE, "error")
    assert told.line is not None
    assert (target / FILE).read_text("utf-8").splitlines()[told.line - 1].strip()


def test_a_plant_whose_site_tells_no_work_orders_is_refused(tmp_path: Path) -> None:
    target, _ = changed(tmp_path)
    site = target / "sites" / "plant.yaml"
    site.write_text(site.read_text("utf-8").replace("feeds: {", "# feeds: {"), "utf-8")
    told = [p for p in load(target, now=NOW).problems if "could never be judged" in p.wrong]
    assert len(told) == 4
    assert "write the site's feeds" in told[0].instead


def test_a_plant_without_anybody_to_tell_is_a_warning(tmp_path: Path) -> None:
    _, problems = changed(tmp_path, ("  - kind: yield_gap\n", "  - kind: qty_drop\n    severity: red\n"))
    assert [(p.severity, p.wrong) for p in problems] == [
        ("warning", "nobody is obliged for yield_gap: only the lender's own chat hears of it")
    ]


def test_without_a_plant_nobody_need_be_told_of_one(tmp_path: Path) -> None:
    text = (SOUND / FILE).read_text("utf-8")
    plant = text[text.index("process:\n") : text.index("duties:\n")]
    told = text[text.index("  - kind: yield_gap\n") : text.index("  - kind: sensor_offline\n")]
    assert changed(tmp_path, (plant, ""), (told, ""))[1] == []


BACK = "quantity_rule: physical\nbuyback: {party: guard, price_ratio: 0.95}\n"
LAST = "act: decide, ack_minutes: 30, escalate_to: [tang]}\n"
ASKED = (LAST, LAST + "      - {person: fan, chat: project_group, act: buy_back, ack_minutes: 60}\n")


def test_a_buyback_that_somebody_is_asked_for_is_sound(tmp_path: Path) -> None:
    target, problems = changed(tmp_path, ("quantity_rule: physical\n", BACK), ASKED)
    assert problems == []
    back = load(target, now=NOW).sound().contracts["RZ-2026-011"].buyback
    assert back == Buyback(org="guard", price_ratio=Decimal("0.95"))


@pytest.mark.parametrize(
    ("old", "new", "severity", "wrong"),
    [
        ("party: guard", "party: gurd", "error", "'gurd' is unknown"),
        ("party: guard", "party: bank", "error", "is the lender itself"),
        ("party: guard", "party: plant", "warning", "when it cannot pay the loan"),
        ("price_ratio: 0.95", "price_ratio: 0.90", "warning", "METHANOL counts for 0.95 of its price, the buyback pays 0.90"),
        ("person: fan, chat: project_group, act: buy_back", "person: qiu, chat: project_group, act: buy_back", "error",
         "'qiu' is of 'plant'; 'guard' buys back"),
    ],
)  # fmt: skip
def test_a_buyback_that_would_not_help_is_told(old: str, new: str, severity: str, wrong: str, tmp_path: Path) -> None:
    back = BACK.replace(old, new)
    asked = (ASKED[0], ASKED[1].replace(old, new))
    _, problems = changed(tmp_path, ("quantity_rule: physical\n", back), asked)
    assert (severity, True) in [(p.severity, wrong in p.wrong) for p in problems], "\n".join(map(str, problems))


def test_a_buyback_that_nobody_is_asked_for_is_a_warning(tmp_path: Path) -> None:
    _, problems = changed(tmp_path, ("quantity_rule: physical\n", BACK))
    assert [(p.severity, p.wrong) for p in problems] == [("warning", "nobody of 'guard' is ever asked to buy back")]


def test_nobody_can_be_asked_to_buy_back_without_a_promise(tmp_path: Path) -> None:
    _, problems = changed(tmp_path, ASKED)
    assert [(p.severity, p.wrong) for p in problems] == [("error", "the contract names no buyback")]


def test_a_supervised_own_depot_is_warned_of_with_what_must_be_on_file() -> None:
    (problem,) = load(SOUND, now=NOW).problems
    assert (problem.severity, KNOWN in problem.wrong) == ("warning", True)
    assert "the lender entrusted 'guard'" in problem.instead
