"""Slots of what people ask to move, promise or report as done: releases, swaps, goods and money; and whom they claim to be.

Whether they may is decided elsewhere; here a refused request reads like any other.
"""

import re
from collections.abc import Mapping

from domain.event import Json
from skills.understanding.frame import Frame
from skills.understanding.roles_of_goods import swapped
from skills.understanding.slots.said import Reader, Table, amount, chosen, person
from skills.understanding.when import PRESENT

_DONE: Table = (
    ("payment", "款|钱|转|还|付|打|到账|利息|本金|保证金"), ("delivery", "货|入库|卸|补|进"), ("clean", "清"), ("stop_outflow", "停发|停|关"),
    ("restore_gauge", "修|恢复|通讯|表"), ("recount", "盘点"), ("insurance", "保"),
)  # fmt: skip


def _release(frame: Frame) -> Json:
    return amount(frame, "mass", "qty_t") | person(frame)


def _request(frame: Frame) -> Json:
    ids, plates = frame.paper("receipt"), frame.paper("plate")
    found = amount(frame, "mass", "qty_t") | ({"receipt_id": ids[0]} if ids else {})
    return found | ({"plate": plates[0]} if plates else {})


def _commit(frame: Frame) -> Json:
    found = amount(frame, "mass", "qty_t") | amount(frame, "money", "amount_cny")
    tokens = [w.token for w in frame.whens if w.token != PRESENT]
    return found | ({"deadline": tokens[-1]} if tokens else amount(frame, "span", "eta_min"))


def _done(frame: Frame) -> Json:
    return chosen(frame, "what", _DONE) | amount(frame, "money", "amount_cny") | amount(frame, "mass", "qty_t")


def _claimed(frame: Frame) -> Json:
    m = re.search(r"我?(?:是|就是|系)(.{2,16}?)(?:,| |授权|现在|你|$)", frame.plain)
    return {"claimed": m[1]} if m else {}


SLOTS: Mapping[str, Reader] = {
    "q_max_release": _release,
    "q_swap_check": swapped,
    "a_commit": _commit,
    "a_done": _done,
    "a_release_request": _request,
    "a_swap_request": swapped,
    "r_release_order": _request,
    "r_impersonation": _claimed,
}
