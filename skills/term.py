"""合同怎么约定的: the terms in force as the contract's file has them, each with its clause where the file names one."""

from collections.abc import Mapping, Sequence

from domain.contract import AlertKind, Contract, Field, Line
from domain.event import Json, stamp
from skills.offer import offered_cny
from skills.ports import View
from skills.scope import PARTIES, asked, ids, not_found, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.term_rows import Row, ack, cure, cure_methods, line_row, release, storage_fee, swap, top_up
from skills.term_values import OF_GOODS, caps, haircuts, of_goods, prices, staleness, tolerances

LINE_OF: Mapping[str, Line] = {"warn_line": Line.WARN, "control_line": Line.CONTROL, "disposal_line": Line.DISPOSAL}
NEEDS: Mapping[str, Field] = {
    "haircut": Field.VALUE,
    "good_cap": Field.VALUE,
    "price_source": Field.VALUE,
    "loss_tolerance": Field.QUANTITY,
    "top_up_clause": Field.LINE,
}
"""Terms that tell about figures are told where those figures are. A line is told as its ratio, its value, or both."""
OVERVIEW = ("warn_line", "control_line", "disposal_line", "cure_period", "haircut", "good_cap", "loss_tolerance")


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One term of each visible contract, or the main terms. NO_DATA where no file records it."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    named = ids(arguments, "term")
    term = named[0] if len(named) == 1 else ""
    line = arguments.get("line", "")
    goods = ids(arguments, "good")
    if goods and named and not set(named) <= set(OF_GOODS):
        return Answer(status=Status.CLARIFY, kind="clarify", facts={"about": "place", "options": [], "tanks": []})
    if goods and not any(g in c.goods for c in contracts for g in goods):
        return not_found("good")
    terms = (
        OF_GOODS
        if goods and not named
        else (term,)
        if term in ROWS
        else named
        if named and set(named) <= ROWS.keys()
        else OVERVIEW
        if len(contracts) == 1
        else OVERVIEW[:3]
    )
    hidden = sorted({f.value for c in contracts for t in terms for f in _hidden(view, c, t)})
    blocks = [of_goods(_block(view, c, terms, line), goods) for c in contracts]
    rows = [r for b in blocks for r in b["rows"]]
    if not rows:
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": hidden})
    recorded = any(r["recorded"] for r in rows)
    return Answer(
        status=Status.OK if recorded else Status.NO_DATA,
        kind="term",
        facts={"contracts": blocks, "whole": not named, "withheld": hidden, "at": stamp(view.now)},
        figures=tuple(f for b in blocks for r in b["rows"] for f in _figures(b["contract"], r)),
    )


def _hidden(view: View, contract: Contract, term: str) -> list[Field]:
    """What of this term the chat may not see."""
    fields = (Field.LINE, Field.LTV) if term in LINE_OF else (NEEDS[term],) if term in NEEDS else ()
    return [Field(f) for f in withheld(view, (contract,), fields)]


def _block(view: View, contract: Contract, terms: Sequence[str], line: str) -> Json:
    rows = []
    for term in terms:
        if term in NEEDS and NEEDS[term] not in view.may(contract.id):
            continue
        row = ROWS[term](view, contract)
        if row is not None:
            rows.append({"term": term, "recorded": True, "clause": _clause(contract, term), **row})
    for row in rows:
        if row["term"] == "cure_period" and line and "lines" in row:
            row["lines"] = [x for x in row["lines"] if x["line"] == line] or row["lines"]
    return {"contract": contract.id, "rows": rows}


CLAUSES: Mapping[str, tuple[str, ...]] = {
    **{term: (line.value, AlertKind.VALUE_BELOW_LINE.value) for term, line in LINE_OF.items()},
    "cure_period": ("cure",),
    "top_up_clause": (Line.WARN.value, AlertKind.VALUE_BELOW_LINE.value),
    "haircut": ("haircut",),
    "good_cap": ("caps",),
    "price_source": ("price",),
    "loss_tolerance": ("tolerance", AlertKind.QTY_DROP.value),
    "swap_ratio": ("swap",),
    "release_validity": ("release",),
    "staleness": (AlertKind.SENSOR_OFFLINE.value,),
    "cure_method": ("cure_methods", "cure"),
    "storage_fee_bearer": ("storage_fee",),
}
"""Under which keys of ``clauses`` a term's number may stand, the closest first."""


def _clause(contract: Contract, term: str) -> str | None:
    return next((contract.clauses[k] for k in CLAUSES.get(term, ()) if k in contract.clauses), None)


ROWS: Mapping[str, Row] = {
    **{term: line_row(line) for term, line in LINE_OF.items()},
    "cure_period": cure,
    "haircut": haircuts,
    "good_cap": caps,
    "loss_tolerance": tolerances,
    "swap_ratio": swap,
    "release_validity": release,
    "price_source": prices,
    "ack_time": ack,
    "top_up_clause": top_up,
    "staleness": staleness,
    "cure_method": cure_methods,
    "storage_fee_bearer": storage_fee,
}


def _figures(contract: str, row: Json) -> list[Figure]:
    found = [("ltv", "1"), ("coverage", "1"), ("cny", "CNY"), ("ratio", "1")] if row["recorded"] else []
    made = [
        Figure(name=f"{contract}.{row['term']}.{k}", value=row[k], unit=u, as_of=row.get("as_of"))
        for k, u in found
        if k in row
    ]
    days = [Figure(name=f"{contract}.cure.{x['line']}", value=str(x["days"]), unit="d") for x in row.get("lines", ())]
    return made + days


SKILL = Skill(
    name="q_term",
    command="terms",
    purpose="合同怎么约定:各线、补足期限、折扣、上限、允差、确认时限",
    examples=("合同里监管线定的是多少", "跌破补货线几天之内要补上", "允差是多少", "预警几分钟内要确认"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="good", kind="good", about="品种:折扣、占比上限、取价方式"),
        Parameter(
            name="term",
            kind="choice",
            about="哪一条",
            many=True,
            choices=(
                ("control_line", ("监管线", "控货线", "控制线")),
                ("warn_line", ("补货线", "预警线", "警戒线")),
                ("disposal_line", ("处置线", "平仓线")),
                ("cure_period", ("补足期限", "补货期限", "宽限期", "几天内补")),
                ("haircut", ("折扣", "打几折", "折率")),
                ("good_cap", ("上限", "占比上限", "集中度")),
                ("loss_tolerance", ("允差", "容差", "误差", "损耗")),
                ("swap_ratio", ("换货比例", "置换比例", "换货")),
                ("release_validity", ("提货通知有效期", "通知书有效期", "提货单有效期")),
                ("price_source", ("取价方式", "报价方式", "按什么价")),
                ("ack_time", ("确认时限", "回复时限", "几分钟")),
                ("top_up_clause", ("补货条款", "补货约定", "补仓约定")),
                ("staleness", ("数据时限", "数据多久算过期", "过期时限")),
                ("cure_method", ("补足方式", "不补货", "用钱代替", "代替补货", "抵补货")),
                ("storage_fee_bearer", ("仓储费", "仓租")),
            ),
        ),
        Parameter(
            name="line",
            kind="choice",
            about="哪条线的补足期限",
            choices=(
                ("warn", ("补货线", "预警线", "警戒线")),
                ("control", ("监管线", "控货线", "控制线")),
                ("disposal", ("处置线", "平仓线")),
            ),
        ),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("条款", "合同"),
    reads=lambda text: {"term": "cure_method"} if offered_cny(text) is not None else None,
)
