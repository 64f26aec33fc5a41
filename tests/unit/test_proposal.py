"""Two people of the lender decide: what is typed, who may confirm, what follows, and until when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.proposal_command import Unclear, Wanted, amount_of, command_of, moment_of, read
from bot.tokens import Decided, decision_token, parse_decision, parse_token
from bot.words import Words
from domain.contract import PriceTerms
from domain.errors import NotPermitted, ReceiptError
from domain.event import Json, stamp
from domain.manual_price import counted
from domain.position import GoodPrice, PriceStanding
from domain.price_origin import ManualPrice
from domain.proposal import (
    Proposal,
    ProposalKind,
    Standing,
    awaiting,
    confirmed,
    fold,
    manual_price_of,
    opened,
    withdrawn,
)
from domain.receipt.fold import fold as fold_receipts
from domain.receipt.receipt import Receipt, ReceiptBook, State
from domain.receipt.receipt import Standing as ReceiptStanding
from domain.said import Said
from tests.data.words.hengyun import CONTRACT, GOODS, HY, NOW, Labels
from tests.data.words.snapshots import assert_snapshot

D = Decimal
WORDS = Words(Labels())
LINE: Json = {"no": "KZX-003", "amount": "121000000.00", "effective_from": stamp(NOW)}
PRICE: Json = {"good": "MEOH", "price": "2400.00", "valid_for_h": 24}
PAID: Json = {"amount": "1234567.89", "kind": "margin", "at": stamp(NOW), "case": None}
SPLIT: Json = {
    "no": "CD-0087",
    "good": "MEOH",
    "in_pledge": True,
    "parts": {"T-112": 800_000, "T-107": 1_234_567},
    "into": [
        {"no": "CD-0087A", "parts": {"T-112": 800_000}},
        {"no": "CD-0087B", "parts": {"T-107": 1_000_000}},
        {"no": "CD-0087C", "parts": {"T-107": 234_567}},
    ],
}
CANCEL: Json = {"no": "CD-0099", "good": "MEOH", "parts": {"T-112": 150_000}, "why": "开错"}
BODIES = {
    ProposalKind.CONTROL_LINE: LINE,
    ProposalKind.MANUAL_PRICE: PRICE,
    ProposalKind.PAYMENT: PAID,
    ProposalKind.RECEIPT_SPLIT: SPLIT,
    ProposalKind.RECEIPT_CANCEL: CANCEL,
}
MINUTE = timedelta(minutes=1)


def standing(no: str, parts: dict[str, int], state: State) -> ReceiptStanding:
    receipt = Receipt(no=no, issuer="y", owner="恒运化工", good="MEOH", parts=parts, issued_on=date(2026, 1, 10))
    live = state is State.PLEDGED
    return ReceiptStanding(receipt=receipt, state=state, pledged=parts if live else {}, contract_id=HY)


BOOK = ReceiptBook(
    lender="jia",
    standings={
        "CD-0087": standing("CD-0087", SPLIT["parts"], State.PLEDGED),
        "CD-0099": standing("CD-0099", CANCEL["parts"], State.OPEN),
    },
)


def made(kind: ProposalKind = ProposalKind.PAYMENT) -> Proposal:
    event = opened(
        number="PR-20260312-01",
        tenant="jia",
        contract_id=HY,
        kind=kind,
        body=BODIES[kind],
        by="wang",
        chat="bank",
        now=NOW,
    )
    return fold({}, [event])["PR-20260312-01"]


def test_it_is_open_for_a_day() -> None:
    proposal = made()
    assert proposal.standing(NOW + timedelta(hours=24) - MINUTE) is Standing.OPEN
    assert proposal.standing(NOW + timedelta(hours=24)) is Standing.EXPIRED
    assert confirmed(proposal, "chen", now=NOW + timedelta(hours=24)) == []
    assert withdrawn(proposal, "wang", now=NOW + timedelta(hours=24)) == []


def test_its_author_cannot_confirm_it() -> None:
    with pytest.raises(NotPermitted, match="another person"):
        confirmed(made(), "wang", now=NOW)


@pytest.mark.parametrize(
    ("kind", "follows"),
    [
        (ProposalKind.CONTROL_LINE, "line.noticed"),
        (ProposalKind.MANUAL_PRICE, "price.set"),
        (ProposalKind.PAYMENT, "payment.confirmed"),
        (ProposalKind.RECEIPT_SPLIT, "receipt.split"),
        (ProposalKind.RECEIPT_CANCEL, "receipt.cancelled"),
    ],
)
def test_a_confirmation_brings_its_effect_with_both_names(kind: ProposalKind, follows: str) -> None:
    said, effect = confirmed(made(kind), "chen", now=NOW + MINUTE, book=BOOK)
    assert (said.kind, said.actor, effect.kind, effect.actor) == ("proposal.confirmed", "chen", follows, "chen")
    assert (effect.body["proposed_by"], effect.body["proposal"]) == ("wang", "PR-20260312-01")
    after = fold({"PR-20260312-01": made(kind)}, [said])["PR-20260312-01"]
    assert (after.outcome, after.decided_by) == (Standing.CONFIRMED, "chen")
    assert confirmed(after, "lin", now=NOW + MINUTE, book=BOOK) == []


def test_a_colleague_may_refuse_it_and_is_named() -> None:
    (event,) = withdrawn(made(), "chen", now=NOW + MINUTE)
    after = fold({"PR-20260312-01": made()}, [event])["PR-20260312-01"]
    assert (after.outcome, after.decided_by) == (Standing.WITHDRAWN, "chen")


def test_a_price_by_hand_holds_from_its_confirmation_to_its_end() -> None:
    _, effect = confirmed(made(ProposalKind.MANUAL_PRICE), "chen", now=NOW + MINUTE)
    price = manual_price_of(effect)
    assert (price.at, price.until, price.cny_t) == (NOW + MINUTE, NOW + MINUTE + timedelta(hours=24), D("2400.00"))
    assert Said().after([effect]).prices == {("jia", "MEOH"): (price,)}


def test_a_receipt_that_has_gone_on_living_cannot_be_decided_on_as_proposed() -> None:
    (_, event) = confirmed(made(ProposalKind.RECEIPT_SPLIT), "chen", now=NOW + MINUTE, book=BOOK)
    after = fold_receipts(BOOK, [event])
    with pytest.raises(ReceiptError, match="nothing can happen") as e:
        confirmed(made(ProposalKind.RECEIPT_SPLIT), "chen", now=NOW + MINUTE, book=after)
    assert e.value.code == "over"
    assert withdrawn(made(ProposalKind.RECEIPT_SPLIT), "wang", now=NOW) != []


def by_hand(cny_t: str, minutes: int, *, hours: int = 24) -> ManualPrice:
    at = NOW + minutes * MINUTE
    until = at + timedelta(hours=hours)
    return ManualPrice(good="MEOH", cny_t=D(cny_t), at=at, until=until, proposed_by="wang", by="chen")


def published(minutes: int, standing: PriceStanding = PriceStanding.FRESH) -> GoodPrice:
    return GoodPrice(cny_t=D(2410), published_at=NOW + minutes * MINUTE, standing=standing, source="隆众·山东")


@pytest.mark.parametrize(
    ("at_min", "price", "manual", "counts"),
    [
        (5, published(0), (by_hand("2000", 1),), "2000"),
        (0, published(0), (by_hand("2000", 1),), "2410"),
        (5, published(2), (by_hand("2000", 1),), "2410"),
        (5, published(0, PriceStanding.STALE), (by_hand("2000", 1), by_hand("1900", 2)), "1900"),
        (60, published(0), (by_hand("2000", 1, hours=0),), "2410"),
    ],
)
def test_the_newest_of_what_is_published_and_set_counts(
    at_min: int, price: GoodPrice, manual: tuple[ManualPrice, ...], counts: str
) -> None:
    used = counted(price, manual, PriceTerms(ref="MEOH-ref"), NOW + at_min * MINUTE)
    assert used.cny_t == D(counts)
    assert used.standing is PriceStanding.FRESH
    assert (used.origin is not None and used.origin.manual is not None) == (counts != "2410")


@pytest.mark.parametrize(
    ("word", "cny"),
    [
        ("1000000", "1000000.00"),
        ("1,000,000.05", "1000000.05"),
        ("100万", "1000000.00"),
        ("1.21亿元", "121000000.00"),
        ("0", None),
        ("-5", None),
        ("1.005", None),
        ("1,00", None),
        ("一百万", None),
        ("99999999999999", None),
    ],
)
def test_amounts_as_people_write_them(word: str, cny: str | None) -> None:
    assert amount_of(word) == (D(cny) if cny is not None else None)


@given(st.decimals("0.01", 10**12, places=2))
def test_an_amount_that_is_written_out_comes_back_to_the_fen(amount: Decimal) -> None:
    assert amount_of(f"{amount:,.2f}") == amount


def test_times_as_people_write_them() -> None:
    assert moment_of("2026-03-13", NOW) == datetime(2026, 3, 12, 16, tzinfo=UTC)
    assert moment_of("09:30", NOW) == datetime(2026, 3, 12, 1, 30, tzinfo=UTC)
    assert moment_of("2026-03-13T09:00Z", NOW) == datetime(2026, 3, 13, 9, tzinfo=UTC)
    assert moment_of("明天", NOW) is None


@pytest.mark.parametrize("word", ["0001-01-01", "9999-12-31T23:59:00-12:00"])
def test_a_time_that_no_event_can_carry_is_none(word: str) -> None:
    assert moment_of(word, NOW) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/controlline KZX-003 1.21亿", Wanted(kind=ProposalKind.CONTROL_LINE, contract_id=HY, body=LINE)),
        ("/setprice 甲醇 2400", Wanted(kind=ProposalKind.MANUAL_PRICE, contract_id=HY, body=PRICE)),
        ("/手工价 恒运池 甲醇 2400 24小时", Wanted(kind=ProposalKind.MANUAL_PRICE, contract_id=HY, body=PRICE)),
        ("/paid 1,234,567.89 保证金", Wanted(kind=ProposalKind.PAYMENT, contract_id=HY, body=PAID)),
        ("/paid 100万 RC-20260312-01", Unclear(kind=ProposalKind.PAYMENT, what="case")),
        ("/到账@xiaoliuzi_bot 很多", Unclear(kind=ProposalKind.PAYMENT, what="usage")),
        ("/setprice 黄金 2400", Unclear(kind=ProposalKind.MANUAL_PRICE, what="good")),
        (
            "/splitreceipt CD-0087 cd-0087a T-112 800吨 CD-0087B t-107 1000 吨 CD-0087C 其余",
            Wanted(kind=ProposalKind.RECEIPT_SPLIT, contract_id=HY, body=SPLIT),
        ),
        ("/注销仓单 cd0099 开错", Wanted(kind=ProposalKind.RECEIPT_CANCEL, contract_id=HY, body=CANCEL)),
        ("/cancelreceipt CD-4711", Unclear(kind=ProposalKind.RECEIPT_CANCEL, what="receipt_unknown")),
        ("/分割仓单 CD-0087", Unclear(kind=ProposalKind.RECEIPT_SPLIT, what="usage")),
    ],
)
def test_a_command_is_read_whole_or_not_at_all(text: str, found: Wanted | Unclear) -> None:
    command = command_of(text)
    assert command is not None
    assert read(*command, [CONTRACT], GOODS, NOW, list(BOOK.values())) == found


def test_where_there_are_several_contracts_one_must_be_named() -> None:
    assert read(ProposalKind.PAYMENT, ["100万"], [CONTRACT, CONTRACT], GOODS, NOW) == Unclear(
        kind=ProposalKind.PAYMENT, what="contract"
    )


def test_a_receipt_names_its_contract() -> None:
    other = replace(CONTRACT, id="OTHER", name="别的池")
    for contracts in ([CONTRACT, other], [other, CONTRACT]):
        found = read(ProposalKind.RECEIPT_CANCEL, ["CD-0099", "开错"], contracts, GOODS, NOW, list(BOOK.values()))
        assert found == Wanted(kind=ProposalKind.RECEIPT_CANCEL, contract_id=HY, body=CANCEL)


@pytest.mark.parametrize("text", ["paid 100", "/status", "请/paid 100", "到账了吗", "/"])
def test_other_texts_are_no_commands(text: str) -> None:
    assert command_of(text) is None


def test_a_cards_button_comes_back_and_is_no_alarms() -> None:
    text = decision_token("PR-20260312-01", "confirm")
    assert parse_decision(text) == Decided(proposal_id="PR-20260312-01", action="confirm")
    assert parse_token(text) is None
    assert parse_decision("p1|PR-20260312-01|release") is None


@pytest.mark.parametrize("kind", list(ProposalKind))
def test_a_card_reads_so(kind: ProposalKind) -> None:
    assert_snapshot(f"proposal.{kind}.open", WORDS.proposal(made(kind), NOW, others=("chen", "lin")))
    said = confirmed(made(kind), "chen", now=NOW + MINUTE, book=BOOK)
    after = fold({"PR-20260312-01": made(kind)}, said)["PR-20260312-01"]
    assert_snapshot(f"proposal.{kind}.confirmed", WORDS.proposal(after, NOW + MINUTE))


@pytest.mark.parametrize(("name", "unpaid"), [("case", "1234567.89"), ("case_over", "1000000.00")])
def test_a_card_of_money_for_a_case_reads_so(name: str, unpaid: str) -> None:
    body = {**PAID, "kind": "repayment", "case": "RC-20260312-01", "unpaid": unpaid}
    assert_snapshot(f"proposal.payment_{name}.open", WORDS.proposal(replace(made(), body=body), NOW, others=("chen",)))


def test_money_waits_for_its_case_while_it_is_open_and_for_no_other() -> None:
    money = replace(made(), body={**PAID, "case": "RC-1", "unpaid": "0.00"})
    every = [made(), made(ProposalKind.CONTROL_LINE), money]
    assert awaiting(every, "RC-1", NOW) == money
    assert awaiting(every, "RC-2", NOW) is None
    assert awaiting(every, "RC-1", money.expires_at) is None
    assert awaiting([replace(money, outcome=Standing.CONFIRMED)], "RC-1", NOW) is None


def test_a_card_that_was_left_alone_reads_so() -> None:
    assert_snapshot("proposal.expired", WORDS.proposal(made(), NOW + timedelta(hours=25)))
