"""Mistakes about people, chats and duties: nobody unreachable is obliged, and no chat tells a stranger."""

from pathlib import Path

from jinja2 import Environment

from datasources.workspace.contracts import ACTS
from tests.fakes.mistakes import Mistake, assert_told_alone, cases, change, copy_of_sound, found

A = "contracts/a.yaml"
PEOPLE = "people.yaml"


@cases(
    Mistake(
        name="person-twice",
        file=PEOPLE,
        old="{id: lin, name: 林师傅",
        new="{id: gao, name: 林师傅",
        at="林师傅",
        wrong="person 'gao' is there already, in line 20",
        instead="delete one of the two",
        others=1,
    ),
    Mistake(
        name="organisation-twice",
        file=PEOPLE,
        old="  - {id: south, name: 民储库",
        new="  - {id: north, name: 北库, short: 北库}\n  - {id: south, name: 民储库",
        at="北库",
        wrong="organisation 'north' is there already, in line 6",
        instead="delete one of the two",
    ),
    Mistake(
        name="telegram-user-twice",
        file=PEOPLE,
        old="telegram_id: 602",
        new="telegram_id: 101",
        at="lin",
        wrong="Telegram user 101 is there already, in line 10",
        instead="write another one",
    ),
    Mistake(
        name="telegram-chat-twice",
        file=PEOPLE,
        old="telegram_chat_id: -1003",
        new="telegram_chat_id: -1001",
        at="b_bank",
        wrong="Telegram chat -1001 is there already",
        instead="write another one",
    ),
    Mistake(
        name="unknown-organisation",
        file=PEOPLE,
        old="{id: lin, name: 林师傅, org: south",
        new="{id: lin, name: 林师傅, org: sooth",
        at="lin",
        wrong="organisation 'sooth' is unknown",
        instead="write 'south'",
        others=2,
    ),
    Mistake(
        name="unknown-deputy",
        file=PEOPLE,
        old="deputy: wang",
        new="deputy: wong",
        at="chen",
        wrong="person 'wong' is unknown",
        instead="write 'wang'",
    ),
    Mistake(
        name="own-deputy",
        file=PEOPLE,
        old="deputy: wang",
        new="deputy: chen",
        at="chen",
        wrong="is the person's own id",
        instead="a colleague",
    ),
    Mistake(
        name="deputy-of-another-house",
        file=PEOPLE,
        old="deputy: wang",
        new="deputy: liu",
        at="chen",
        wrong="'liu' belongs to 'bank_b', not to 'bank_a'",
        instead="same organisation",
    ),
    Mistake(
        name="person-without-telegram",
        file=PEOPLE,
        old="role: depot, telegram_id: 602",
        new="role: depot",
        at="lin",
        wrong="has no telegram_id although Telegram is enabled",
        instead="its user id",
        severity="warning",
    ),
    Mistake(
        name="chat-without-telegram",
        file=PEOPLE,
        old=", telegram_chat_id: -1003",
        new="",
        at="b_bank",
        wrong="has no telegram_chat_id",
        instead="web only",
        severity="warning",
    ),
    Mistake(
        name="a-persons-id-for-a-group",
        file=PEOPLE,
        old="telegram_chat_id: -1003",
        new="telegram_chat_id: 1003",
        at="b_bank",
        wrong="1003 is a person's id",
        instead="-1001234567890",
    ),
    Mistake(
        name="private-chat-of-another-account",
        file=PEOPLE,
        old="telegram_chat_id: 301",
        new="telegram_chat_id: 302",
        at="zhao_alone",
        wrong="somebody else would read this private chat",
        instead="the same number",
    ),
    Mistake(
        name="private-chat-of-two",
        file=PEOPLE,
        old="members: [zhao]",
        new="members: [zhao, sun]",
        at="zhao_alone",
        wrong="a private chat has one member, not 2",
        instead="name one person",
    ),
    Mistake(
        name="unknown-member",
        file=PEOPLE,
        old="members: [liu, ma]",
        new="members: [liu, ma, mo]",
        at="b_bank",
        wrong="chats[b_bank].members[3]: person 'mo' is unknown",
        instead="add that person under people",
    ),
    Mistake(
        name="member-twice",
        file=PEOPLE,
        old="members: [liu, ma]",
        new="members: [liu, ma, liu]",
        at="b_bank",
        wrong="'liu' is there twice",
        instead="delete one",
    ),
    Mistake(
        name="nobody-in-a-chat",
        file=PEOPLE,
        old="contracts: [], members: [ma]",
        new="contracts: [], members: []",
        at="health",
        wrong="nobody reads along",
        instead="at least one person",
    ),
    Mistake(
        name="operators-see-no-contract",
        file=PEOPLE,
        old="audience: operators, contracts: []",
        new="audience: operators, contracts: [B-1]",
        at="health",
        wrong="an operators' chat sees no contract",
        instead="contracts: []",
    ),
    Mistake(
        name="unknown-contract-in-a-chat",
        file=PEOPLE,
        old="contracts: [A-1], members: [zhao]",
        new="contracts: [A-1, C-1], members: [zhao]",
        at="zhao_alone",
        wrong="contract 'C-1' is unknown",
        instead="write 'B-1'",
    ),
)
def test_a_mistake_about_people_or_chats_is_told_where_it_stands(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


@cases(
    Mistake(
        name="borrower-in-the-bank-chat",
        file=PEOPLE,
        old="members: [wang, chen], telegram_chat_id: -1001",
        new="members: [wang, chen, zhao], telegram_chat_id: -1001",
        at="a_bank",
        wrong="'zhao' of 'trader' would read what only the lender 'bank_a' may read",
        instead="take the person out",
    ),
    Mistake(
        name="another-lender-in-the-bank-chat",
        file=PEOPLE,
        old="members: [wang, chen], telegram_chat_id: -1001",
        new="members: [wang, chen, liu], telegram_chat_id: -1001",
        at="a_bank",
        wrong="'liu' of 'bank_b' would read what only the lender 'bank_a' may read",
        instead="take the person out",
    ),
    Mistake(
        name="another-lender-in-the-project-group",
        file=PEOPLE,
        old="members: [wang, chen, zhao, sun, li, zhou, gao, lin]",
        new="members: [wang, chen, zhao, sun, li, zhou, gao, lin, ma]",
        at="members: [wang",
        wrong="'ma' of 'bank_b' is another lender's person to contract 'A-1'",
        instead="take the person out",
    ),
    Mistake(
        name="another-borrower-in-the-project-group",
        file=PEOPLE,
        old="members: [wang, chen, zhao, sun, li, zhou, gao, lin]",
        new="members: [wang, chen, zhao, sun, li, zhou, gao, lin, qian]",
        at="members: [wang",
        wrong="'qian' of 'other' is no party to contract 'A-1'",
        instead="take the person out",
    ),
    Mistake(
        name="stranger-in-a-private-chat",
        file=PEOPLE,
        old="contracts: [A-1], members: [zhao]",
        new="contracts: [A-1, B-1], members: [zhao]",
        at="zhao_alone",
        wrong="'zhao' of 'trader' is no party to contract 'B-1'",
        instead="take the person out",
    ),
    Mistake(
        name="two-lenders-contracts-in-one-group",
        file=PEOPLE,
        old="audience: project, contracts: [B-1], members: [liu, qian, li]",
        new="audience: project, contracts: [B-1, A-1], members: [li]",
        at="b_group",
        wrong="contracts of different lenders meet here: bank_a, bank_b",
        instead="one chat for each lender",
        others=1,
    ),
    Mistake(
        name="bank-chat-of-no-contract",
        file=PEOPLE,
        old="audience: operators, contracts: []",
        new="audience: bank, contracts: []",
        at="health",
        wrong="is bound to no contract",
        instead="contracts:",
    ),
    Mistake(
        name="borrower-with-a-lenders-role",
        file=PEOPLE,
        old="{id: sun, name: 孙经理, org: trader, role: borrower",
        new="{id: sun, name: 孙经理, org: trader, role: risk_officer",
        at="sun",
        wrong="risk_officer does not fit",
        instead="borrower",
    ),
    Mistake(
        name="stranger-with-a-lenders-role",
        file=A,
        old="lender: bank_a",
        new="lender: trader",
        told_in=PEOPLE,
        at="wang",
        wrong="people[wang].role: relationship_manager does not fit",
        instead="operator",
        others=6,
    ),
)
def test_no_chat_tells_a_stranger(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


@cases(
    Mistake(
        name="unknown-person",
        file=A,
        old="{person: gao,",
        new="{person: goa,",
        at="goa",
        wrong="person 'goa' is unknown",
        instead="write 'gao'",
        others=1,
    ),
    Mistake(
        name="act-without-words",
        file=A,
        old="{person: zhao, chat: a_group, act: top_up,",
        new="{person: zhao, chat: a_group, act: topup,",
        at="topup",
        wrong="'topup' is unknown",
        instead="write 'top_up'",
    ),
    Mistake(
        name="unknown-chat",
        file=A,
        old="{person: gao, chat: a_group,",
        new="{person: gao, chat: a_gruop,",
        at="a_gruop",
        wrong="chat 'a_gruop' is unknown",
        instead="write 'a_group'",
    ),
    Mistake(
        name="not-a-member-of-the-dutys-chat",
        file=A,
        old="{person: gao, chat: a_group,",
        new="{person: gao, chat: a_bank,",
        at="gao",
        wrong="'gao' is not a member of chat 'a_bank'",
        instead="add the person to that chat",
    ),
    Mistake(
        name="chat-of-another-contract",
        file=A,
        old="{person: li, chat: a_group, act: explain_movement",
        new="{person: li, chat: b_group, act: explain_movement",
        at="explain_movement",
        wrong="chat 'b_group' is not bound to contract 'A-1'",
        instead="choose another chat",
    ),
    Mistake(
        name="told-twice-in-one-step",
        file=A,
        old="      - {person: chen, chat: a_bank, act: know}\n",
        new="      - {person: zhao, chat: zhao_alone, act: know}\n",
        at="zhao_alone",
        wrong="'zhao' is told twice of one alert",
        instead="once per rule",
    ),
    Mistake(
        name="escalation-names-a-person-twice",
        file=A,
        old="escalate_to: [sun, wang]",
        new="escalate_to: [sun, sun]",
        at="escalate_to",
        wrong="'sun' is in this step twice",
        instead="each once",
    ),
    Mistake(
        name="escalation-to-oneself",
        file=A,
        old="escalate_to: [sun, wang]",
        new="escalate_to: [zhao]",
        at="escalate_to",
        wrong="'zhao' is in this step twice",
        instead="somebody else",
    ),
    Mistake(
        name="escalation-to-nobody-there",
        file=A,
        old="escalate_to: [sun, wang]",
        new="escalate_to: [qian]",
        at="escalate_to",
        wrong="'qian' is in no chat that hears of this alert",
        instead="name another",
    ),
    Mistake(
        name="escalation-without-a-time",
        file=A,
        old="ack_minutes: 30, escalate_to: [sun, wang]",
        new="escalate_to: [sun, wang]",
        at="escalate_to",
        wrong="only informed",
        instead="ack_minutes",
    ),
    Mistake(
        name="two-rules-for-one-alert",
        file=A,
        old="  - {kind: blind_breach,",
        new="  - {kind: price_crash, tell: [{person: wang, chat: a_bank, act: know}]}\n  - {kind: blind_breach,",
        at="kind: price_crash, tell: [{person: chen",
        wrong="there is a rule for the same alert already, in line",
        instead="under one rule",
    ),
    Mistake(
        name="unknown-site",
        file=A,
        old="site: south",
        new="site: sooth",
        at="sooth",
        wrong="site 'sooth' is unknown",
        instead="write 'south'",
        others=1,
    ),
    Mistake(
        name="site-of-a-pool-alert",
        file=A,
        old="{kind: price_stale,",
        new="{kind: price_stale, site: north,",
        at="price_stale",
        wrong="price_stale is about the whole contract",
        instead="delete the line",
    ),
    Mistake(
        name="site-that-nobody-answers-for",
        file=A,
        old="  - kind: qty_drop\n    site: south\n    tell:\n"
        "      - {person: gao, chat: a_group, act: explain_movement, ack_minutes: 10}\n",
        new="",
        at="duties",
        wrong="nobody is obliged for qty_drop at site 'south'",
        instead="site: south",
    ),
    Mistake(
        name="alert-that-nobody-answers-for",
        file=A,
        old="  - {kind: price_stale, tell: [{person: chen, chat: a_bank, act: check_price}]}\n",
        new="",
        at="duties",
        wrong="nobody is obliged for price_stale",
        instead="kind: price_stale",
        severity="warning",
    ),
    Mistake(
        name="severity-that-nobody-answers-for",
        file=A,
        old="  - kind: value_below_line\n",
        new="  - kind: value_below_line\n    severity: yellow\n",
        at="duties",
        wrong="nobody is obliged when value_below_line is red",
        instead="that severity",
        others=1,
    ),
    Mistake(
        name="rule-without-people",
        file=A,
        old="{kind: blind_breach, tell: [{person: chen, chat: a_bank, act: know}]}",
        new="{kind: blind_breach, tell: []}",
        at="blind_breach",
        wrong="names nobody",
        instead="at least one person",
    ),
    Mistake(
        name="negative-time",
        file=A,
        old="ack_minutes: 2}",
        new="ack_minutes: -2}",
        at="ack_minutes: -2",
        wrong="-2 is out of range",
        instead="above 0",
    ),
)
def test_a_mistake_in_a_duty_is_told_where_it_stands(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


def test_a_contract_without_duties_is_refused(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    text = (workspace / A).read_text(encoding="utf-8")
    before, _, rest = text.partition("duties:\n")
    (workspace / A).write_text(
        before + "duties: []\n\ndisclosure:" + rest.partition("\ndisclosure:")[2], encoding="utf-8"
    )

    (problem,) = found(workspace).problems

    assert (problem.where, problem.wrong) == ("duties", "obliges nobody")


def test_a_contract_without_a_bank_chat_is_refused(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, PEOPLE, "audience: bank, contracts: [B-1]", "audience: project, contracts: [B-1]")

    (problem,) = found(workspace).problems

    assert (problem.file, problem.where) == ("contracts/b.yaml", "lender")
    assert "no chat of its own" in problem.wrong
    assert "audience: bank" in problem.instead


def test_a_party_with_one_person_is_a_warning(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, PEOPLE, "  - {id: he, name: 何经理, org: other, role: borrower, telegram_id: 402}\n", "")

    (problem,) = found(workspace).problems

    assert (problem.file, problem.where, problem.severity) == ("contracts/b.yaml", "borrower", "warning")
    assert "'other' has 1 person" in problem.wrong


def test_every_act_that_a_contract_may_name_has_its_words() -> None:
    labels = (Path(__file__).parents[2] / "bot/messages/zh/labels.j2").read_text(encoding="utf-8")
    words = Environment(autoescape=False).from_string(labels).module

    assert set(words.acts) == set(ACTS)  # type: ignore[attr-defined]


def test_without_telegram_nobody_needs_a_number(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, "xiaoliuzi.toml", "enabled = true", "enabled = false")
    change(workspace, PEOPLE, ", telegram_id: 602", "")

    assert found(workspace).problems == ()
