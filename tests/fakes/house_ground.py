"""The workspace of the house's stage: two_banks' sites, goods and people, with two contracts made for round figures.

A: T-1, half of T-2 and S-1: 5.59 M CNY against a warning line of 5.42 M. B: the other half of T-2, 4.88 M against 4.43 M.
"""

import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.naming import WorkspaceNames
from bot.words import Words
from datasources.workspace import Workspace, load

SOURCE = Path(__file__).parents[1] / "data" / "workspaces" / "two_banks"
LEVELS = {"north": {"T-1": 2500.0, "T-2": 10000.0}, "south": {"S-1": 1400.0}}
PRICES = {"METHANOL-SD": 2400, "DIESEL-SD": 7000}

TERMS = """effective_from: 2026-01-01
matures_on: 2028-12-31
price_terms: {stale_after_hours: 24, stale_haircut: 0.01, outlier: 0.08, agree: 0.02, crash_day: 0.50}
quantity_rule: physical
caps: {}
"""
LINES = "lines: {ltv_initial: 0.65, ltv_warn: 0.70, ltv_control: 0.75, ltv_disposal: 0.85, confirm_k: 2, confirm_minutes: 1}\n"
A = f"""id: A-1
name: 恒运池
lender: bank_a
borrower: trader
depots: [north, south]
exposure: {{principal: 3796000.00, basis: principal, as_of: "AS_OF", source: 核心系统, stale_after_hours: 72}}
{LINES}{TERMS}goods:
  - {{code: METHANOL, haircut: 0, price_ref: METHANOL-SD}}
  - {{code: DIESEL0, haircut: 0, price_ref: DIESEL-SD}}
pledged:
  - {{tanks: [T-1], owner: hengyun, share: 1.00}}
  - {{tanks: [T-2], owner: hengyun, share: 0.50}}
  - {{tanks: [S-1], owner: hengyun, share: 0.50}}
duties:
  - kind: value_below_line
    severity: yellow
    tell:
      - {{person: zhao, chat: a_group, act: top_up, ack_minutes: 30, escalate_to: [sun, wang]}}
      - {{person: chen, chat: a_bank, act: know}}
  - kind: value_below_line
    tell:
      - {{person: zhao, chat: a_group, act: top_up, ack_minutes: 30, escalate_to: [sun, wang]}}
      - {{person: li, chat: a_group, act: stop_outflow, ack_minutes: 10}}
      - {{person: chen, chat: a_bank, act: know}}
  - {{kind: blind_breach, tell: [{{person: chen, chat: a_bank, act: know}}]}}
  - {{kind: qty_drop, tell: [{{person: li, chat: a_group, act: explain_movement, ack_minutes: 10}}]}}
  - {{kind: sensor_offline, tell: [{{person: li, chat: a_group, act: restore_gauge, ack_minutes: 30}}]}}
  - {{kind: book_gap, tell: [{{person: chen, chat: a_bank, act: know}}]}}
  - {{kind: price_stale, tell: [{{person: chen, chat: a_bank, act: check_price}}]}}
  - {{kind: price_crash, tell: [{{person: chen, chat: a_bank, act: know}}]}}
  - {{kind: price_outlier, tell: [{{person: chen, chat: a_bank, act: check_price, ack_minutes: 30}}]}}
disclosure: {{value: [borrower, depot], quantity: [borrower, depot], line: [borrower, depot], ltv: []}}
clauses: {{warn: "8.1", control: "8.2", disposal: "8.3", qty_drop: "6.1"}}
staleness: {{warn_minutes: 5, exclude_minutes: 30}}
"""
B = f"""id: B-1
name: 海川池
lender: bank_b
borrower: other
depots: [north]
exposure: {{principal: 3100000.00, basis: principal, as_of: "AS_OF", source: 信贷系统, stale_after_hours: 72}}
{LINES}{TERMS}goods: [{{code: DIESEL0, haircut: 0, price_ref: DIESEL-SD}}]
pledged: [{{tanks: [T-2], owner: haichuan, share: 0.50}}]
duties:
  - {{kind: value_below_line, tell: [{{person: qian, chat: b_group, act: top_up, ack_minutes: 30}}]}}
  - {{kind: blind_breach, tell: [{{person: ma, chat: b_bank, act: know}}]}}
  - {{kind: qty_drop, tell: [{{person: li, chat: b_group, act: explain_movement, ack_minutes: 10}}]}}
  - {{kind: sensor_offline, tell: [{{person: li, chat: b_group, act: restore_gauge, ack_minutes: 30}}]}}
  - {{kind: book_gap, tell: [{{person: ma, chat: b_bank, act: know}}]}}
  - {{kind: price_stale, tell: [{{person: ma, chat: b_bank, act: check_price}}]}}
  - {{kind: price_crash, tell: [{{person: ma, chat: b_bank, act: know}}]}}
  - {{kind: price_outlier, tell: [{{person: ma, chat: b_bank, act: check_price}}]}}
disclosure: {{}}
clauses: {{value_below_line: "9"}}
"""

TEXTS = (".yaml", ".toml", ".csv")
_read: dict[tuple[tuple[str, str], ...], tuple[Workspace, Words]] = {}
Edits = Mapping[str, Sequence[tuple[str, str]]]
"""File name → (old, new) texts, each of which must be there."""
STANDING: Edits = {"people.yaml": [("telegram_id: 301}", "telegram_id: 301, deputy: sun}")]}


def write_ground(target: Path, now: datetime, edits: Edits | None = None) -> None:
    """Write the workspace, once; the balances are an hour old."""
    shutil.copytree(SOURCE, target)
    as_of = (now - timedelta(hours=1)).isoformat()
    for name, text in (("a", A), ("b", B)):
        (target / "contracts" / f"{name}.yaml").write_text(text.replace("AS_OF", as_of), encoding="utf-8")
    rewrite(target, STANDING)
    rewrite(target, edits or {})


def rewrite(target: Path, edits: Edits) -> None:
    """Change texts in the workspace's files."""
    for name, changes in edits.items():
        path = target / name
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{name}: no {old!r}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")


def ground(target: Path, now: datetime) -> tuple[Workspace, Words]:
    """The workspace and its words. Equal files are read once per test run; they cannot change what they are."""
    files = tuple(
        (str(f.relative_to(target)), f.read_text(encoding="utf-8"))
        for f in sorted(target.glob("**/*.*"))
        if f.suffix in TEXTS
    )
    if files not in _read:
        loaded = load(target, now=now)
        assert loaded.workspace is not None, [p for p in loaded.problems if p.severity == "error"]
        _read[files] = (loaded.workspace, Words(WorkspaceNames(loaded.workspace)))
    return _read[files]
