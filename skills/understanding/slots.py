"""What a text says about an intent, for machines: slots in the forms of the evaluation file (t, CNY, °C, m, time tokens)."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from domain.event import Json
from skills.understanding.frame import Frame
from skills.understanding.roles_of_goods import swapped
from skills.understanding.when import PRESENT

NOW_BY_DEFAULT = frozenset({"q_value", "q_quantity", "q_tank", "q_status", "q_ltv", "q_gap"})
_LINES = (
    ("disposal", "平仓线|处置线|平仓|处置"),
    ("warn", "补货线|预警线|警戒线|补仓线"),
    ("control", "监管线|控货线|控制线|红线|最低线"),
)
_SEVERITIES = (("red", "红"), ("orange", "橙"), ("yellow", "黄"))
_METRICS = (
    ("ltv", "质押率|抵押率|押率|ltv"), ("coverage", "覆盖"), ("price", "价格|单价|报价"), ("level", "液位"), ("temp", "温度|多少度|几度"),
    ("value", "货值|市值|多少钱|值|总价"), ("qty", "吨|数量|库存|存量|多少货|在押量"),
)  # fmt: skip
_TANK_METRICS = (
    ("ullage", "空高|还能装|空容"), ("level", "液位|多高|几米|罐位|水位"), ("temp", "温度|多少度|几度|温"), ("fill", "满|空着|几成|装到"),
    ("good", "装的|装啥|装什么|什么货|啥货|里面是"), ("water", "水高|底水"),
)  # fmt: skip
_QUALITIES = (
    ("density", "密度|标密"),
    ("water", "含水|水分|进水|水高|底水"),
    ("temp", "温度|多少度|热|冷|凝"),
    ("purity", "纯度|含量|浓度"),
)
_TERMS = (
    ("control_line", "监管线|控货线"), ("warn_line", "补货线|预警线|警戒线"), ("disposal_line", "平仓|处置"),
    ("cure_period", "几天|多久|期限|宽限|时限|补货期"), ("haircut", "折扣|打几折|折率"), ("good_cap", "上限|占比"),
    ("cure_method", "能不能不补|不补货|替代|用钱|现金.{0,4}(?:行|可以|代替)"), ("loss_tolerance", "损耗|容差|误差"),
    ("swap_ratio", "换货|置换"), ("release_validity", "通知书|提货单"), ("price_source", "报价|价格|取价"),
    ("storage_fee_bearer", "仓储费|仓租"), ("ack_time", "分钟|确认|回复"), ("top_up_clause", "补货|补仓"),
)  # fmt: skip
_WANTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "q_inspection": (("result", "结果|量出|查出|核出|多少|怎么说|相符|结论|出来没"), ("tasks", "任务|几个单|单子"), ("status", "完了|办完|去看了没|接单"),
                     ("eta", "到哪|到没|到了|几点|多久|哪儿|来没|到|来")),
    "q_receipt": (("double_pledge", "重复"), ("expired", "过期"), ("expiring", "到期"), ("released", "解押|释放"), ("cancelled", "注销"),
                  ("count", "几张|多少张"), ("tank", "哪个罐"), ("qty", "多少吨|几吨"), ("issuer", "谁开|开的"), ("list", "哪些|清单"),
                  ("pledge_status", "押着|质押|在押|状态|还在")),
    "q_loan": (("principal_interest", "本息"), ("principal", "本金|还欠|欠"), ("interest_date", "利息几号|付息"), ("interest", "利息|罚息"),
               ("maturity", "到期|哪天还|啥时候还"), ("overdue", "逾期"), ("facility_left", "额度|授信"), ("cash_margin", "保证金"),
               ("exposure", "敞口|余额"), ("repayment", "还了|还钱|还款")),
    "q_duty": (("unacked", "收到|没回|回了|吱声|看到|回复|确认|没应|不理"), ("on_duty", "值班|当班|谁盯"), ("escalate_next", "下一个"),
               ("responsible", "该谁|归谁|谁管|负责|责任|谁处理|找谁|谁跟|谁去|算谁|处理")),
    "q_insurance": (("sum_insured", "保额|保多少"), ("insurer", "哪家|谁保"), ("beneficiary", "受益"), ("coverage", "险种|赔不赔|包不包|保哪些|赔"),
                    ("renewal", "续保"), ("policy_no", "保单号|号"), ("holder", "谁手里|在谁"), ("expiry", "到期|到什么时候|过期|哪天|几号|几天|多久|到啥"),
                    ("status", "投保|买了|有没有|上险|保了")),
    "q_registration": (("expiry", "到期|哪年|期限|失效"), ("number", "编号|号码|证明"), ("amendment", "变更"), ("renewal", "展期"), ("prior", "在先|查重|别家|重复"),
                       ("amount", "金额"), ("tanks", "哪些罐"), ("date", "哪天做|什么时候做"), ("status", "")),
    "q_evidence": (),
    "q_gap": (("cash_alternative", "不(?:用)?补货|[代替抵].{0,2}补货"), ("goods_needed", "补(?:多少|几|(?:货|仓)(?!线))|没补|缺口|多少(?:吨|货)|吨"), ("cash_needed", "打多少|多少钱|保证金|补钱|现金|找钱")),
}  # fmt: skip
_TARGETS = (
    ("price_source", "价|报价"), ("photo", "照片|截图|视频"), ("hash", "哈希|hash|改过|篡改|存证"), ("raw_data", "原始"),
    ("data_time", "几点|什么时候|啥时候|时间|实时|最新|老数据|哪天|多久|时刻"), ("data_source", "哪来|来源|依据|凭|哪个表|怎么|谁报|量的|出处"),
)  # fmt: skip
_REPORTS = (("weekly", "周报|周"), ("monthly", "月报|月"), ("export", "导|excel|表格|pdf"), ("daily", ""))
_DEVICES = (
    ("camera", "摄像头|监控|探头.{0,2}视频"),
    ("temp", "温度"),
    ("flow", "流量"),
    ("level", "液位计|雷达|液位|表"),
)
_KINDS = (
    ("clean", "清罐|清洗|清完"), ("transfer", "倒罐|倒料|倒|打料|转罐|往T"), ("loading", "装车|装船|装货"), ("unloading", "卸船|卸车|卸货"),
    ("calibration", "标定|复检|校验"), ("power", "停电"), ("network", "割接|断网|网络|光纤"), ("dewater", "脱水|切水"), ("heating", "升温|加热"),
    ("recirculation", "循环"), ("gauge_repair", "换.{0,2}(?:液位计|表)|修|维修|检修"),
)  # fmt: skip
_REASONS = (("gauge_fouling", "挂料"), ("transfer", "倒罐|倒"), ("temperature", "热胀|温度|晒"), ("gauge_fault", "表|雷达|液位计|坏"), ("weighbridge", "磅"),
            ("has_order", "提货单|有单|通知"), ("price_source", "价"), ("lab", "化验"))  # fmt: skip


def slots_of(intent: str, frame: Frame) -> Json:
    """The slots of one intent. Only what is said; 'now' where a question about a state says no time."""
    slots: Json = {}
    if intent.startswith(("q_", "a_", "r_other", "r_release")) and intent not in ("q_swap_check", "a_swap_request"):
        slots |= _where(frame)
    if (time := _time(intent, frame)) is not None:
        slots["time"] = time
    slots |= _ASIDE.get(intent, _nothing)(frame)
    return slots


def _where(frame: Frame) -> Json:
    found: Json = {}
    for kind, one, many in (("tank", "tank", "tanks"), ("good", "good", "goods"), ("site", "depot", "depots")):
        said = list(dict.fromkeys(m.said for m in frame.of(kind)))
        if said:
            found |= {one: said[0]} if len(said) == 1 else {many: said}
    if projects := frame.of("contract"):
        found["project"] = projects[0].said
    return found


def _time(intent: str, frame: Frame) -> str | None:
    tokens = [w.token for w in frame.whens]
    if intent in ("a_commit", "a_dispatch", "a_snooze", "a_inspect_accept"):
        return None
    told = [t for t in tokens if t != "now"]
    if told:
        return told[0]
    return "now" if tokens or intent in NOW_BY_DEFAULT else None


def first(table: tuple[tuple[str, str], ...], text: str) -> str | None:
    """The first entry of which a word stands in the text."""
    return next((name for name, words in table if re.search(words, text)), None)


def number(value: Decimal) -> int | float:
    """As JSON writes it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def _amount(frame: Frame, kind: str, key: str) -> Json:
    found = frame.amount(kind)
    return {key: number(found[0].value)} if found else {}


def _line(frame: Frame) -> Json:
    name = first(_LINES, frame.plain)
    return {"line": name} if name else {}


def _want(intent: str) -> Callable[[Frame], Json]:
    def read(frame: Frame) -> Json:
        name = first(_WANTS[intent], frame.plain)
        return {"want": name} if name else {}

    return read


def _alert(frame: Frame) -> Json:
    ids = frame.paper("alarm")
    return {"alert": ids[0] if ids else "last"}


def _nothing(frame: Frame) -> Json:
    del frame
    return {}


def _tank(frame: Frame) -> Json:
    name = first(_TANK_METRICS, frame.plain)
    return {"metric": name} if name else {}


def _quantity(frame: Frame) -> Json:
    if "吨" in frame.plain or re.search(r"\bt\b", frame.plain):
        return {"unit": "t"}
    return {"unit": "m3"} if "方" in frame.plain else {}


def _breakdown(frame: Frame) -> Json:
    named = frame.of("tank") or frame.of("good")
    by = first((("depot", "库|仓|地方"), ("tank", "" if named else "罐"), ("good", "")), frame.plain)
    metrics = [
        n for n, words in (("qty", "吨|数量|多少货|存"), ("value", "钱|值|金额")) if re.search(words, frame.plain)
    ]
    shown: Json = {"by": by}
    return shown | ({"metric": metrics[0] if len(metrics) == 1 else metrics} if metrics else {})


def _gap(frame: Frame) -> Json:
    return _line(frame) | _want("q_gap")(frame) | _amount(frame, "money", "amount_cny")


def _ltv(frame: Frame) -> Json:
    return {"metric": "coverage"} if "覆盖" in frame.plain else {}


def _movement(frame: Frame) -> Json:
    out, into = re.search("出|提|拉|发|走|装", frame.plain), re.search("进(?!出)|入|卸|来", frame.plain)
    both = re.search("进出|出入|出.{0,8}进|进.{0,8}出", frame.plain)
    found: Json = (
        {"direction": "both"}
        if both or (out and into)
        else {"direction": "out"}
        if out
        else {"direction": "in"}
        if into
        else {}
    )
    top = re.search(r"前(\d+|[一二三四五六七八九十])|最.{0,4}(?:的)?([一二三四五六七八九十\d]+)个", frame.plain)
    if top is not None:
        from skills.understanding.normal import number_of

        found |= {"top": number_of(top[1] or top[2]), "rank_by": "abs_change"}
    return found


def _trend(frame: Frame) -> Json:
    metrics = [n for n, words in _METRICS if re.search(words, frame.plain)]
    if "value" in metrics and any(m in metrics for m in ("ltv", "coverage", "price")) and "货值" not in frame.plain:
        metrics.remove("value")
    shown: Json = {"metric": metrics[0] if len(metrics) == 1 else metrics or "value"}
    return shown


def _trend_time(frame: Frame) -> Json:
    shown = _trend(frame)
    tokens = [w.token for w in frame.whens if w.token != PRESENT]
    if tokens and re.search("比|较", frame.plain):
        return shown | {"compare": tokens[0]}
    return shown


_NEWEST = re.compile("(?:刚才|刚刚|最近|最新|最后|上)的?(?:那|这)?一(?:条|个)|刚才那[条个]")
"""One alarm, and no list of them."""


def _alerts(frame: Frame) -> Json:
    found: Json = {}
    if severity := first(_SEVERITIES, frame.plain):
        found["severity"] = severity
    if re.search("没|未|还有|挂着|剩|现在|目前|几条", frame.plain) and not [
        w for w in frame.whens if w.token not in ("now",)
    ]:
        found["status"] = "open"
    if frame.paper("alarm") or _NEWEST.search(frame.plain.replace(" ", "")):
        found |= _alert(frame)
    return found


def _why(frame: Frame) -> Json:
    found: Json = _amount(frame, "money", "amount_cny")
    metric = first(_METRICS, frame.plain)
    attributed = re.search("还是|占|因为.{0,6}还|原因构成|归因", frame.plain)
    if metric and re.search("跌|掉|少|降|涨|高|缩", frame.plain):
        found["metric"] = metric
    else:
        found |= _alert(frame)
    return found | ({"want": "attribution"} if attributed else {})


def _sensor(frame: Frame) -> Json:
    found: Json = {}
    if re.search("一动不动|不动|卡死|直线|不变|定住|冻", frame.plain):
        found["check"] = "flatline"
    elif re.search("断|掉|离|没数|失联|不来", frame.plain):
        found["status"] = "offline"
    elif re.search("在线|上线", frame.plain):
        found["status"] = "online"
    elif re.search("坏|故障", frame.plain):
        found["status"] = "fault"
    device = first(_DEVICES, frame.plain)
    if "几天" in frame.plain:
        found["time"] = "last_days"
    return found | ({"device": device} if device else {})


def _inspection(frame: Frame) -> Json:
    return _person(frame) | _want("q_inspection")(frame) | ({"task": k[0]} if (k := frame.paper("task")) else {})


def _person(frame: Frame) -> Json:
    people = frame.of("person")
    return {"person": people[0].said} if people else {}


def _receipt(frame: Frame) -> Json:
    ids = frame.paper("receipt")
    return ({"receipt_id": ids[0]} if ids else {}) | _want("q_receipt")(frame)


def _loan(frame: Frame) -> Json:
    firms = frame.of("firm")
    return ({"party": firms[0].said} if firms else {}) | _person(frame) | _want("q_loan")(frame)


def _term(frame: Frame) -> Json:
    name = first(_TERMS, frame.plain)
    if name in ("control_line", "warn_line") and re.search("几天|多久|期限|时限", frame.plain):
        return {"term": "cure_period"} | _line(frame)
    return {"term": name} if name else {}


def _release(frame: Frame) -> Json:
    return _amount(frame, "mass", "qty_t") | _person(frame)


def _swap(frame: Frame) -> Json:
    return swapped(frame)


def _whatif(frame: Frame) -> Json:
    found: Json = {}
    if percents := frame.amount("percent"):
        up = re.search("涨|升|高", frame.plain)
        found["price_change_pct"] = number(percents[0].value if up else -percents[0].value)
    if frame.of("tank") and re.search("拉走|没了|全|抽空|不算|空了|拿掉", frame.plain):
        found["qty_change"] = "all_out"
    elif masses := frame.amount("mass"):
        out = re.search("提|放|出|拉|走", frame.plain) and not re.search("补|进|入", frame.plain)
        found["qty_change"] = number(-masses[0].value if out else masses[0].value)
    if money := frame.amount("money"):
        key = (
            "repay_cny"
            if re.search("还|归还", frame.plain)
            else "cash_cny"
            if re.search("保证金|打", frame.plain)
            else "price_change_cny"
        )
        found[key] = number(money[0].value)
    metric = first(_METRICS[:2] + _METRICS[5:6], frame.plain)
    return found | ({"metric": metric} if metric else {}) | _line(frame)


def _quality(frame: Frame) -> Json:
    metrics = [n for n, words in _QUALITIES if re.search(words, frame.plain)]
    return {"metric": metrics} if metrics else {}


def _report(frame: Frame) -> Json:
    return {"type": first(_REPORTS, frame.plain) or "daily"}


def _evidence(frame: Frame) -> Json:
    target = first(_TARGETS, frame.plain)
    return {"target": target} if target else {}


def _commit(frame: Frame) -> Json:
    found = _amount(frame, "mass", "qty_t") | _amount(frame, "money", "amount_cny")
    tokens = [w.token for w in frame.whens if w.token != PRESENT]
    return found | ({"deadline": tokens[-1]} if tokens else _amount(frame, "span", "eta_min"))


def _done(frame: Frame) -> Json:
    what = first(
        (("payment", "款|钱|转|还|付|打|到账|利息|本金|保证金"), ("delivery", "货|入库|卸|补|进"), ("clean", "清"), ("stop_outflow", "停发|停|关"),
         ("restore_gauge", "修|恢复|通讯|表"), ("recount", "盘点"), ("insurance", "保")), frame.plain)  # fmt: skip
    return ({"what": what} if what else {}) | _amount(frame, "money", "amount_cny") | _amount(frame, "mass", "qty_t")


def _request(frame: Frame) -> Json:
    ids, plates = frame.paper("receipt"), frame.paper("plate")
    found = _amount(frame, "mass", "qty_t") | ({"receipt_id": ids[0]} if ids else {})
    return found | ({"plate": plates[0]} if plates else {})


def _accept(frame: Frame) -> Json:
    found = _amount(frame, "span", "eta_min") | ({"task": k[0]} if (k := frame.paper("task")) else {})
    tokens = [w.token for w in frame.whens if w.token.startswith("T")]
    return found | ({"eta": tokens[0]} if tokens and "eta_min" not in found else {})


def _result(frame: Frame) -> Json:
    found = _amount(frame, "level", "level_m") | _amount(frame, "temp", "temp_c")
    if "temp_c" not in found and (m := re.search(r"(?:温度|罐温|温|t=)\s*(-?\d+(?:\.\d+)?)", frame.plain)):
        found["temp_c"] = number(Decimal(m[1]))
    if m := re.search(r"(?:水高|底水|水位|水|w=)\s*(\d+(?:\.\d+)?)\s*(公分|cm|厘米)?(?!\d|吨|%)", frame.plain):
        found["water_mm"] = number(Decimal(m[1]) * (10 if m[2] else 1))
    return found


def _snooze(frame: Frame) -> Json:
    found = _alert(frame)
    if spans := frame.amount("span"):
        return found | {"duration_min": number(spans[0].value)}
    tokens = [w.token for w in frame.whens if w.token not in ("now", "today")]
    return found | ({"until": tokens[-1]} if tokens else {})


def _escalate(frame: Frame) -> Json:
    target = first((("branch_head", "分行"), ("head_office", "总行"), ("supervisor_hq", "总部|监管公司"), ("bank_leader", "行领导|行长|银行领导"),
                    ("depot_head", "库区|库方领导|总经理")), frame.plain)  # fmt: skip
    return _alert(frame) | ({"target": target} if target else {})


def _maintenance(frame: Frame) -> Json:
    kind = first(_KINDS, frame.plain)
    tanks = frame.of("tank")
    found: Json = {"kind": kind} if kind else {}
    if kind == "transfer" and len(tanks) == 2:
        found |= {"tank_from": tanks[0].said, "tank_to": tanks[1].said}
    found |= _amount(frame, "mass", "qty_t")
    if m := re.search(r"(早|白|中|夜|晚)班", frame.plain):
        found["shift"] = {"早": "morning", "白": "day", "中": "afternoon"}.get(m[1], "night")
    return found


def _dispute(frame: Frame) -> Json:
    reason = first(_REASONS, frame.plain)
    return _alert(frame) | ({"reason": reason} if reason else {})


def _frequency(frame: Frame) -> Json:
    metric = first(_METRICS, frame.plain)
    threshold = (
        _amount(frame, "money", "threshold_cny")
        | _amount(frame, "percent", "threshold_pct")
        | _amount(frame, "mass", "threshold_t")
    )
    if threshold:
        return {"kind": "subscribe", **({"metric": metric} if metric else {}), **threshold}
    if spans := frame.amount("span"):
        return {"interval_min": number(spans[0].value)}
    if re.search("每(?:个)?小时|小时报", frame.plain):
        return {"interval_min": 60}
    return {"interval_min": 1440} if re.search("每天|每日|一天", frame.plain) else {}


def _changed(frame: Frame) -> Json:
    term = first((("control_line", "监管线|控货线"), ("warn_line", "补货线|预警线|警戒线"), ("disposal_line", "处置线|平仓线"), ("cure_period", "期限|几天|宽"),
                  ("haircut", "折扣"), ("tolerance", "允差|容差|误差"), ("cap", "上限"), ("price_source", "报价"), ("price", "价")), frame.plain)  # fmt: skip
    value = re.search(r"(?:到|成|为|按|在) ?(\d+(?:\.\d+)?)(%?)", frame.plain)
    return ({"term": term} if term else {}) | ({"value": value[1] + value[2]} if value else {})


def _claimed(frame: Frame) -> Json:
    m = re.search(r"我?(?:是|就是|系)(.{2,16}?)(?:,| |授权|现在|你|$)", frame.plain)
    return {"claimed": m[1]} if m else {}


def _missing(frame: Frame) -> Json:
    missing = first((("receipt", "仓单|单"), ("good", "品种"), ("depot", "库"), ("time", "那天|那会"), ("party", "他们"), ("batch", "批"),
                     ("tank", "罐|它|多少度")), frame.plain)  # fmt: skip
    return {"missing": missing or "subject"}


_ASIDE: Mapping[str, Callable[[Frame], Json]] = {
    "q_quantity": _quantity, "q_tank": _tank, "q_breakdown": _breakdown, "q_gap": _gap, "q_ltv": _ltv, "q_movement": _movement,
    "q_trend": _trend_time, "q_alerts": _alerts, "q_alert_why": _why, "q_sensor": _sensor, "q_inspection": _inspection,
    "q_receipt": _receipt, "q_loan": _loan, "q_term": _term, "q_duty": lambda f: _want("q_duty")(f) | _person(f) | ({} if not f.paper("alarm") else _alert(f)),
    "q_max_release": _release, "q_swap_check": _swap, "q_whatif": _whatif, "q_quality": _quality, "q_report": _report,
    "q_evidence": _evidence, "q_insurance": _want("q_insurance"), "q_registration": _want("q_registration"),
    "a_ack": _alert, "a_commit": _commit, "a_done": _done, "a_release_request": _request, "a_swap_request": _swap,
    "a_inspect_accept": _accept, "a_inspect_result": _result, "a_dispatch": _person, "a_snooze": _snooze, "a_escalate": _escalate,
    "a_maintenance": _maintenance, "a_dispute": _dispute, "a_set_frequency": _frequency, "r_change_rule": _changed,
    "r_release_order": _request, "r_impersonation": _claimed, "clarify": _missing,
}  # fmt: skip
