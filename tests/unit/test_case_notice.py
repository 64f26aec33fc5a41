"""Which chats get the card, who is @-mentioned, which buttons stand, and which figures are there at all."""

from dataclasses import replace

import pytest

from domain.case import acts
from domain.case.card import CHECK_NEEDS, check_seen
from domain.case.case import CaseKind, Stage
from domain.case.check import Ask
from domain.case.fold import fold
from domain.case.notice import buttons, card_body, card_key, owed
from domain.case.rights import CaseAct
from domain.case.watch import watched
from domain.contract import Field
from domain.event import canonical
from domain.notice import Priority
from domain.people import Audience, Chat, Roster
from tests.fakes.case_life import (
    HOUR,
    PAYMENT_FIRST,
    T1,
    T3,
    TERMS,
    check_of,
    in_force,
    order,
    paid,
    papers,
    position,
    request,
    signed,
    step,
)
from tests.fakes.pledge import INDEX, NOW, ROSTER, contract

BANK, POOL = ROSTER.chats["jia-bank"], ROSTER.chats["pool"]


def told(case, events, *, of=PAYMENT_FIRST, roster=ROSTER):
    """(chat, template, edit?, mentions) of everything that these events owe."""
    found = []
    for event in events:
        case = fold(case, [event])
        found += [
            (n.notice.chat, n.notice.template, n.edits is not None, n.notice.mentions)
            for n in owed(event, case, of, roster)
        ]
    return found


def filing(case):
    body = {
        "case": case.id, "revision": 1, "contract": "C-1", "kind": case.kind.value, "chat": "pool",
        "out": [{"tank": "T-1", "good": "METHANOL", "kg": 100_000, "receipt": None}], "into": [], "cash_cny": None,
        "check": case.check,
    }  # fmt: skip
    made = acts.filed(
        PAYMENT_FIRST, number=case.id, kind=CaseKind.RELEASE, out=case.out, into=(), cash_cny=None, check=case.check,
        by="zhao", chat="pool", index=INDEX, now=NOW,
    )  # fmt: skip
    assert {k: v for k, v in made[0].body.items() if k != "waits"} == body
    return made


def test_a_request_posts_its_card_where_it_was_made_and_in_the_lenders_own_chat():
    assert told(None, filing(request())) == [
        ("jia-bank", "case_card", False, ("wang",)),
        ("pool", "case_card", False, ()),
    ]


def test_a_step_edits_the_cards_and_mentions_those_who_are_next_in_the_thread():
    case = signed(paid(request(), "130000.00"))
    events = acts.sealed(case, PAYMENT_FIRST, INDEX, by="chen", now=NOW)
    assert told(case, events) == [
        ("jia-bank", "case_card", True, ()),
        ("pool", "case_card", True, ()),
        ("pool", "case_sealed", False, ("li",)),
    ]
    reply = owed(events[0], fold(case, events), PAYMENT_FIRST, ROSTER)[-1].notice
    assert (reply.thread, reply.priority, reply.buttons) == (case.id, Priority.TASK, ("verify", "decline"))


def test_an_edit_names_the_card_that_was_posted():
    case = request()
    first = {n.notice.chat: n.notice.key for n in owed(filing(case)[0], case, PAYMENT_FIRST, ROSTER)}
    after = acts.paid(case, PAYMENT_FIRST, INDEX, amount=case.to_pay_cny, check=case.check, by="wang", now=NOW)
    edits = [n for n in owed(after[0], fold(case, after), PAYMENT_FIRST, ROSTER) if n.edits is not None]
    assert {n.notice.chat: n.edits for n in edits} == first
    assert all(n.edits == card_key(case, n.notice.chat) != n.notice.key for n in edits)


def test_a_chat_that_is_asked_for_the_first_time_gets_a_card_of_its_own():
    depot = Chat(id="gangchu", name="库区群", audience=Audience.PROJECT, contracts=("C-1",), members=("li", "qian"))
    roster = Roster(organisations=ROSTER.organisations, people=ROSTER.people, chats={**ROSTER.chats, "gangchu": depot})
    rules = tuple(r if r.step != "verify" else step(r.step, "li", "gangchu") for r in TERMS.steps)
    of = contract(release=replace(TERMS, steps=rules))
    case = signed(paid(request(of=of), "130000.00", of=of))
    events = acts.sealed(case, of, INDEX, by="chen", now=NOW)
    assert ("gangchu", "case_card", False, ("li",)) in told(case, events, of=of, roster=roster)
    case = fold(case, events)
    then = acts.verified(case, of, INDEX, by="li", now=NOW)
    assert ("gangchu", "case_card", True, ()) in told(case, then, of=of, roster=roster)


def test_progress_edits_the_card_and_says_nothing_until_the_stage_is_new():
    case = in_force()
    known = {"papers": {"gangchu": papers(order(40_000), at=NOW)}, "position": position(), "index": INDEX, "now": NOW}
    first = watched(case, [case], PAYMENT_FIRST, **known)
    assert [t[1] for t in told(case, first)] == ["case_card", "case_card", "case_moved"]
    case = fold(case, first)
    known["papers"] = {"gangchu": papers(order(60_000), at=NOW)}
    more = watched(case, [case], PAYMENT_FIRST, **{**known, "now": NOW + HOUR})
    assert [t[1] for t in told(case, more)] == ["case_card", "case_card"]


def test_an_end_is_told_in_every_chat_that_has_the_card():
    case = in_force()
    events = acts.ended(case, Stage.REVOKED, why="货权争议", by="wang", now=NOW)
    assert [(chat, t) for chat, t, edit, _ in told(case, events) if not edit] == [
        ("jia-bank", "case_ended"),
        ("pool", "case_ended"),
    ]


def test_a_reminder_goes_to_the_late_and_edits_nothing():
    case = request()
    events = acts.remind(case, pause_s=1800, now=NOW + HOUR)
    assert told(case, events) == [("jia-bank", "case_reminded", False, ("wang", "chen"))]
    (reminder,) = owed(events[0], fold(case, events), PAYMENT_FIRST, ROSTER)
    assert reminder.notice.priority is Priority.ESCALATION


@pytest.mark.parametrize(
    ("case", "bank", "pool"),
    [
        (request(), {"paid", "refuse"}, {"withdraw"}),
        (paid(request(), "130000.00"), {"refuse"}, {"withdraw"}),
        (signed(paid(request(), "130000.00")), {"countersign", "refuse"}, {"withdraw"}),
        (in_force(), {"revoke"}, {"verify", "decline"}),
        (replace(in_force(), verified_by="li", stage=Stage.VERIFIED), {"revoke"}, {"decline"}),
        (replace(in_force(), declined="欠费"), {"revoke"}, {"verify"}),
        (replace(in_force(), stage=Stage.EXECUTED), set(), set()),
    ],
    ids=lambda x: x.stage.value if hasattr(x, "stage") else "",
)
def test_only_what_can_be_done_now_and_here_has_a_button(case, bank, pool):
    assert set(buttons(case, PAYMENT_FIRST, BANK, ROSTER)) == {CaseAct(a) for a in bank}
    assert set(buttons(case, PAYMENT_FIRST, POOL, ROSTER)) == {CaseAct(a) for a in pool}


def test_figures_that_are_not_disclosed_to_everybody_are_not_there():
    case = request()
    everything = card_body(case, PAYMENT_FIRST, frozenset(Field), None)
    nothing = card_body(case, PAYMENT_FIRST, frozenset(), "pool")
    open_ = card_body(case, PAYMENT_FIRST, frozenset(), "pool", strangers=True)
    assert {x["kg"] for x in (*open_["out"], *open_["into"])} | {open_["out_kg"], open_["lifted_kg"]} == {None}
    assert everything["check"]["headroom_cny"] == "2000000.00"
    assert set(nothing["check"]) == {"at", "ok", "problems", "complete", "ratio_needed"}
    assert (nothing["check"]["ok"], nothing["check"]["problems"]) == (False, ["lender"])
    assert not {"to_pay_cny", "paid_cny", "unpaid_cny", "cash_cny"} & nothing.keys()
    assert nothing["out"] == [{"tank": "T-1", "good": "METHANOL", "kg": 100_000, "receipt": None}]
    assert "wang" not in canonical(nothing)


def test_a_problem_whose_figures_are_withheld_is_not_told_by_its_presence_or_absence():
    check = check_of(Ask(kind=CaseKind.RELEASE, out=(replace(T1, kg=999_999_000),)))
    assert "not_held" in check["problems"]
    assert "below_floor" not in check_seen(check, frozenset({Field.QUANTITY}))["problems"]
    fine = check_of(Ask(kind=CaseKind.RELEASE, out=(T1,)))
    for seen in (frozenset(), frozenset({Field.VALUE}), frozenset({Field.QUANTITY})):
        assert check_seen(fine, seen)["problems"][-1] == check_seen(check, seen)["problems"][-1] == "lender"


def test_an_alarm_that_only_the_lender_knows_of_leaves_no_trace_elsewhere():
    ask = Ask(kind=CaseKind.RELEASE, out=(T1,))
    group = frozenset(Field) - {Field.LTV}
    assert check_of(ask, held=True)["problems"] == ["held"]
    assert check_seen(check_of(ask, held=True), frozenset(Field))["problems"] == ["held"]
    assert canonical(check_seen(check_of(ask, held=True), group)) == canonical(check_seen(check_of(ask), group))


def test_every_figure_of_a_check_says_what_it_needs_to_be_seen():
    swap = check_of(Ask(kind=CaseKind.SWAP, out=(T1,), into=(T3,)))
    assert swap.keys() == CHECK_NEEDS.keys()
