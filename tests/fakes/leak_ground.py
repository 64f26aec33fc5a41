"""A world made to be searched: two banks, three pledges, and of everything withheld a figure or a name that is nowhere else.

A-1 lends 禾晟 against receipts and is below its 补货线; A-2 lends 通达 beside it in the same bank; B-1 is another bank's. Every
kind of reader has a chat of its own. What may be told where is written down in the tests, never asked of the code.
"""

import shutil
from datetime import timedelta
from pathlib import Path

from tests.fakes.house_ground import SOURCE
from tests.fakes.house_stage import NOW

LEVELS = {
    "north": {"T-1": 2517.0, "T-2": 10013.0},
    "south": {"S-1": 1403.0, "S-2": 1871.0},
    "east": {"Q-31": 7391.0},
}
PRICES = {
    "METHANOL-SD": ("METHANOL", "2417.3"),
    "DIESEL-SD": ("DIESEL0", "6931.7"),
    "STYRENE-EC": ("STYRENE", "8411.9"),
}

GOODS = """goods:
  - {code: METHANOL, name: 甲醇, correction: linear, density_kg_m3: 791.4, slope_kg_m3_c: 0.946}
  - {code: DIESEL0, name: "0#柴油", aliases: [柴油], correction: 60B, density_kg_m3: 832.0}
  - {code: STYRENE, name: 苯乙烯, correction: linear, density_kg_m3: 904.9, slope_kg_m3_c: 0.89}
"""
PEOPLE = """organisations:
  - {id: bank_a, name: 甲银行青岛分行, short: 甲银行}
  - {id: bank_b, name: 乙银行日照分行, short: 乙银行}
  - {id: trader, name: 禾晟化工, short: 禾晟}
  - {id: tongda, name: 通达能源, short: 通达}
  - {id: other, name: 海川化工, short: 海川}
  - {id: north, name: 港储一库, short: 港储一库}
  - {id: south, name: 民储库, short: 民储库}
  - {id: east, name: 东堡罐区, short: 东堡罐区}
  - {id: watch, name: 港联监管, short: 港联监管}
  - {id: refinery, name: 禾晟炼厂, short: 禾晟炼厂}
  - {id: yunwei, name: 小六子运维, short: 运维}
people:
  - {id: wang, name: 王经理, org: bank_a, role: relationship_manager, telegram_id: 101, deputy: chen}
  - {id: chen, name: 陈工, org: bank_a, role: risk_officer, telegram_id: 102, deputy: wang}
  - {id: liu, name: 刘襄理, org: bank_b, role: relationship_manager, telegram_id: 201}
  - {id: ma, name: 骆处长, org: bank_b, role: risk_officer, telegram_id: 202}
  - {id: zhao, name: 赵总, org: trader, role: borrower, telegram_id: 301, deputy: sun}
  - {id: sun, name: 孙经理, org: trader, role: borrower, telegram_id: 302}
  - {id: feng, name: 冯厂长, org: tongda, role: borrower, telegram_id: 351}
  - {id: fan, name: 樊会计, org: tongda, role: borrower, telegram_id: 352}
  - {id: qian, name: 钱董, org: other, role: borrower, telegram_id: 401}
  - {id: he, name: 何秘书, org: other, role: borrower, telegram_id: 402}
  - {id: li, name: 李主管, org: north, role: depot, telegram_id: 501}
  - {id: zhou, name: 周班长, org: north, role: depot, telegram_id: 502}
  - {id: gao, name: 高班长, org: south, role: depot, telegram_id: 601}
  - {id: lin, name: 林师傅, org: south, role: depot, telegram_id: 602}
  - {id: dong, name: 董库长, org: east, role: depot, telegram_id: 651}
  - {id: du, name: 杜领班, org: east, role: depot, telegram_id: 652}
  - {id: tan, name: 谭总部, org: watch, role: supervisor, telegram_id: 701}
  - {id: shi, name: 石监管, org: watch, role: inspector, telegram_id: 702}
  - {id: fang, name: 方工, org: yunwei, role: operator, telegram_id: 801}
chats:
  - {id: a_bank, name: 甲内部群, audience: bank, contracts: [A-1], members: [wang, chen], telegram_chat_id: -1001}
  - {id: a_both, name: 甲全行群, audience: bank, contracts: [A-1, A-2], members: [wang, chen], telegram_chat_id: -1011}
  - id: a_group
    name: 禾晟池监管群
    audience: project
    contracts: [A-1]
    members: [wang, chen, zhao, sun, li, zhou, gao, lin, tan]
    telegram_chat_id: -1002
  - {id: a_full, name: 禾晟池大群, audience: project, contracts: [A-1], members: [wang, zhao, li, tan, shi], telegram_chat_id: -1012}
  - {id: a_depot, name: 禾晟池库区群, audience: project, contracts: [A-1], members: [wang, li, zhou], telegram_chat_id: -1013}
  - {id: a_firm, name: 禾晟池企业群, audience: project, contracts: [A-1], members: [wang, zhao, sun], telegram_chat_id: -1014}
  - {id: a_watch, name: 禾晟池巡检群, audience: project, contracts: [A-1], members: [wang, shi], telegram_chat_id: -1015}
  - {id: a_open, name: 禾晟池旧群, audience: project, contracts: [A-1], members: [wang, zhao], telegram_chat_id: -1016}
  - {id: a_ajar, name: 甲旧内部群, audience: bank, contracts: [A-1], members: [wang, chen], telegram_chat_id: -1017}
  - {id: a_firm2, name: 通达专户群, audience: project, contracts: [A-2], members: [wang, feng, fan, gao], telegram_chat_id: -1021}
  - {id: chen_alone, name: 陈工, audience: private, contracts: [A-1], members: [chen], telegram_chat_id: 102}
  - {id: zhao_alone, name: 赵总, audience: private, contracts: [A-1], members: [zhao], telegram_chat_id: 301}
  - {id: li_alone, name: 李主管, audience: private, contracts: [A-1], members: [li], telegram_chat_id: 501}
  - {id: shi_alone, name: 石监管, audience: private, contracts: [A-1], members: [shi], telegram_chat_id: 702}
  - {id: b_bank, name: 乙内部群, audience: bank, contracts: [B-1], members: [liu, ma], telegram_chat_id: -1003}
  - {id: b_group, name: 海川池监管群, audience: project, contracts: [B-1], members: [liu, qian, he, li], telegram_chat_id: -1004}
  - {id: health, name: 运维, audience: operators, contracts: [], members: [fang], telegram_chat_id: -1005}
"""
TOML = """[process]
log_level = "info"
[store]
series = "state/series.duckdb"
ledger = "state/ledger.duckdb"
[console]
host = "127.0.0.1"
port = 8080
[telegram]
enabled = true
[[prices]]
id = "quotes"
kind = "http"
url = "http://127.0.0.1:15080/prices"
refs = ["METHANOL-SD", "DIESEL-SD", "STYRENE-EC"]
[questions]
per_person_per_hour = 3600
per_chat_per_hour = 3600
[api]
per_minute = 6000
"""
EAST = """site: {id: east, name: 东堡罐区, depot: east}
tanks:
  - {id: Q-31, good: STYRENE, shape: vertical, diameter_m: 9.0, height_m: 12.0, heel_mm: 300, max_level_mm: 11000,
     calibrated_until: 2028-01-01}
gateways:
  - {host: 127.0.0.1, port: 15023, unit: 3, maps: [{tanks: [Q-31], type: float32, level: {address: 0, unit: m}, temp: {address: 2}}]}
"""
SOUTH_2 = """  - {id: S-2, good: METHANOL, shape: horizontal, diameter_m: 2.8, length_m: 16.0, heel_mm: 250, max_level_mm: 2464,
     calibrated_until: 2028-01-01}

gateways:"""
TERMS = """effective_from: 2026-01-01
matures_on: 2028-12-31
price_terms: {stale_after_hours: 24, stale_haircut: 0.01, outlier: 0.08, agree: 0.02, crash_day: 0.50}
quantity_rule: physical
tolerances: {static_ratio: 0.003, static_t: 3, window_minutes: 30}
staleness: {warn_minutes: 5, exclude_minutes: 30}
"""
A_1 = f"""id: A-1
name: 禾晟池
lender: bank_a
borrower: trader
depots: [north, south]
supervisor: watch
exposure:
  principal: 3741862.57
  accrued_interest: 41357.82
  fees_due: 7193.46
  cash_margin: 168271.83
  basis: principal_interest_fees_less_margin
  as_of: "AS_OF"
  source: 青岛核心柜面
  stale_after_hours: 72
lines:
  ltv_initial: 0.6171
  ltv_warn: 0.6829
  ltv_control: 0.7413
  ltv_disposal: 0.8527
  confirm_k: 2
  confirm_minutes: 1
  minimum_call: 87300.00
  notices: [{{no: KZX-4471, amount: 4913700.00, effective_from: 2026-02-01T00:00:00+08:00}}]
{TERMS}goods:
  - {{code: METHANOL, haircut: 0.0437, price_ref: METHANOL-SD}}
  - {{code: DIESEL0, haircut: 0.0219, price_ref: DIESEL-SD}}
caps: {{good: 0.9713}}
pledged:
  - {{tanks: [T-1], owner: hengyun, share: 1.00}}
  - {{tanks: [T-2, S-1], owner: hengyun, share: 0.50}}
receipts:
  - {{no: CD-0001, good: DIESEL0, tank: T-2, kg: 651387, issued_on: 2026-01-10, expires_on: 2026-06-30}}
  - {{no: CD-0002, good: METHANOL, tank: T-1, kg: 278613, issued_on: 2026-01-10, expires_on: 2026-06-30}}
  - {{no: CD-0003, good: METHANOL, tank: S-1, kg: 16947, issued_on: 2026-01-10}}
disposal: {{haircut: 0.1133, cost_cny_t: 37.61, t_per_day: 200, lead_days: 3}}
buyback: {{party: refinery, price_ratio: 0.9817}}
insurance:
  - kind: property_all_risks
    insurer: 东海财险
    policy_no: PZAJ20263702ZX998877
    sum_insured_cny: 6284100.00
    effective_from: 2026-02-28
    until: 2027-02-27
    beneficiary: 甲银行青岛分行
release:
  rule: payment_first
  notice: registered
  redeem_ratio: 0.80
  validity_hours: 48
  swap: {{value_ratio: 1.00}}
  steps:
    - {{step: payment, tell: [{{person: wang, chat: a_bank, ack_minutes: 120, escalate_to: [chen]}}]}}
    - {{step: sign, tell: [{{person: wang, chat: a_bank, ack_minutes: 120, escalate_to: [chen]}}]}}
    - {{step: countersign, tell: [{{person: chen, chat: a_bank, ack_minutes: 60}}]}}
    - {{step: verify, site: north, tell: [{{person: li, chat: a_group, ack_minutes: 60, escalate_to: [zhou]}}]}}
    - {{step: verify, site: south, tell: [{{person: gao, chat: a_group, ack_minutes: 60}}]}}
    - {{step: lift, tell: [{{person: zhao, chat: a_group}}]}}
    - {{step: bring, tell: [{{person: zhao, chat: a_group}}]}}
    - {{step: accept, tell: [{{person: wang, chat: a_bank, ack_minutes: 120}}]}}
duties:
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
  - {{kind: dup_pledge, tell: [{{person: chen, chat: a_bank, act: check_receipts, ack_minutes: 10}}]}}
  - {{kind: receipt_expiring, tell: [{{person: zhao, chat: a_group, act: renew_receipts, ack_minutes: 1440}}]}}
  - {{kind: lift, tell: [{{person: li, chat: a_group, act: explain_movement, ack_minutes: 30}}]}}
disclosure: {{value: [borrower], quantity: [borrower, depot, supervisor], line: [borrower], ltv: [], exposure: [borrower], cash: []}}
clauses: {{warn: "8.1", control: "8.2", disposal: "8.3", qty_drop: "6.1"}}
"""


def plain_contract(
    ident: str, name: str, lender: str, firm: str, depots: str, bank: tuple[str, str], group: tuple[str, str], more: str
) -> str:
    """A pledge without papers: terms, one group, one bank chat; more: exposure, goods and what is pledged."""
    told = (
        "blind_breach", "qty_drop", "sensor_offline", "book_gap", "price_stale", "price_crash", "price_outlier", "dup_pledge",
    )  # fmt: skip
    know = "".join(f"  - {{kind: {k}, tell: [{{person: {bank[0]}, chat: {bank[1]}, act: know}}]}}\n" for k in told)
    return f"""id: {ident}
name: {name}
lender: {lender}
borrower: {firm}
depots: [{depots}]
{TERMS}caps: {{}}
lines: {{ltv_initial: 0.6233, ltv_warn: 0.7019, ltv_control: 0.7517, ltv_disposal: 0.8371, confirm_k: 2, confirm_minutes: 1}}
duties:
  - {{kind: value_below_line, tell: [{{person: {group[0]}, chat: {group[1]}, act: top_up, ack_minutes: 30}}]}}
  - {{kind: receipt_expiring, tell: [{{person: {group[0]}, chat: {group[1]}, act: renew_receipts, ack_minutes: 1440}}]}}
{know}disclosure: {{}}
clauses: {{value_below_line: "9"}}
{more}"""


A_2 = plain_contract(
    "A-2", "通达池", "bank_a", "tongda", "south", ("chen", "a_both"), ("feng", "a_firm2"),
    """exposure: {principal: 62391.77, basis: principal, as_of: "AS_OF", source: 通达台账, stale_after_hours: 72}
goods: [{code: METHANOL, haircut: 0, price_ref: METHANOL-SD}]
pledged: [{tanks: [S-2], owner: tongda, share: 1.00}]
""",
)  # fmt: skip
B_1 = plain_contract(
    "B-1", "海川池", "bank_b", "other", "north, east", ("ma", "b_bank"), ("qian", "b_group"),
    """exposure: {principal: 5917263.41, basis: principal, as_of: "AS_OF", source: 日照信贷台, stale_after_hours: 72}
goods: [{code: DIESEL0, haircut: 0, price_ref: DIESEL-SD}, {code: STYRENE, haircut: 0, price_ref: STYRENE-EC}]
pledged: [{tanks: [T-2, Q-31], owner: haichuan, share: 0.50}]
receipts:
  - {no: HC-0601, good: DIESEL0, tank: T-2, kg: 688241, issued_on: 2026-02-01}
  - {no: HC-0602, good: STYRENE, tank: Q-31, kg: 391763, issued_on: 2026-02-01}
""",
)  # fmt: skip


RENAMED = {
    "Q-31": "K-84",
    "苯乙烯": "丙二醇",
    "东堡": "北仑",
    "海川": "泓泰",
    "HC-0601": "ZX-7718",
    "HC-0602": "ZX-7719",
    "骆处长": "鄢处长",
}
"""The other bank's things as they are called in a world that is otherwise the same."""


def write_world(target: Path, *, renamed: bool = False) -> None:
    """Write the workspace, once; the balances are an hour old."""
    shutil.copytree(SOURCE, target)
    as_of = (NOW - timedelta(hours=1)).isoformat()
    texts = {"goods.yaml": GOODS, "people.yaml": PEOPLE, "xiaoliuzi.toml": TOML, "sites/east.yaml": EAST}
    texts |= {f"contracts/{n}.yaml": t.replace("AS_OF", as_of) for n, t in (("a", A_1), ("a2", A_2), ("b", B_1))}
    south = (target / "sites" / "south.yaml").read_text(encoding="utf-8").replace("\ngateways:", SOUTH_2)
    texts["sites/south.yaml"] = south.replace("bases: {S-1: 212}", "bases: {S-1: 212, S-2: 224}")
    for name, text in texts.items():
        (target / name).write_text(_renamed(text) if renamed else text, encoding="utf-8")


def _renamed(text: str) -> str:
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    return text
