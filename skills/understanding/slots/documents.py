"""Slots of what is asked of papers: receipts, policies, registrations, reports, and the evidence for a figure."""

from collections.abc import Mapping

from domain.event import Json
from skills.understanding.frame import Frame
from skills.understanding.slots.said import Reader, Table, chosen, first, want

_RECEIPT: Table = (
    ("double_pledge", "重复"), ("expiring", "(?:要|快|将|会|该)过期"), ("expired", "过期"), ("expiring", "到期"), ("released", "解押|释放"),
    ("cancelled", "注销"), ("count", "几张|多少张"), ("tank", "哪个罐"), ("qty", "多少吨|几吨"),
    ("issuer", "谁开|开的"), ("list", "哪些|清单"), ("pledge_status", "押着|质押|在押|状态|还在|还押|解了|解没"),
)  # fmt: skip
_INSURANCE: Table = (
    ("sum_insured", "保额|保多少"), ("insurer", "哪家|谁保"), ("beneficiary", "受益"),
    ("coverage", "险种|赔不赔|包不包|保哪些|赔"), ("renewal", "续保"), ("expiry", "[买保]到"), ("policy_no", "保单号|号"),
    ("holder", "谁手里|在谁"), ("expiry", "到期|到什么时候|过期|哪天|几号|几天|多久|到啥"), ("status", "投保|买了|有没有|上险|保了"),
)  # fmt: skip
_REGISTRATION: Table = (
    ("expiry", "到期|哪年|期限|失效"), ("number", "编号|号码|证明"), ("amendment", "变更"), ("renewal", "展期"),
    ("prior", "在先|查重|别家|重复"), ("amount", "金额"), ("tanks", "哪些罐"), ("date", "哪天做|什么时候做"),
    ("status", ""),
)  # fmt: skip
_TARGETS: Table = (
    ("price_source", "价|报价"), ("photo", "照片|截图|视频"), ("hash", "哈希|hash|改过|篡改|存证"), ("raw_data", "原始"),
    ("data_time", "几点|什么时候|啥时候|时间|实时|最新|老数据|哪天|多久|时刻"), ("data_source", "哪来|来源|依据|凭|哪个表|怎么|谁报|量的|出处"),
)  # fmt: skip
_REPORTS: Table = (("weekly", "周报|周"), ("monthly", "月报|月"), ("export", "导|excel|表格|pdf"), ("daily", ""))


def _receipt(frame: Frame) -> Json:
    ids = frame.paper("receipt")
    return ({"receipt_id": ids[0]} if ids else {}) | want(frame, _RECEIPT)


def _insurance(frame: Frame) -> Json:
    return want(frame, _INSURANCE)


def _registration(frame: Frame) -> Json:
    return want(frame, _REGISTRATION)


def _report(frame: Frame) -> Json:
    return {"type": first(_REPORTS, frame.plain) or "daily"}


def _evidence(frame: Frame) -> Json:
    return chosen(frame, "target", _TARGETS)


SLOTS: Mapping[str, Reader] = {
    "q_receipt": _receipt,
    "q_insurance": _insurance,
    "q_registration": _registration,
    "q_report": _report,
    "q_evidence": _evidence,
}
