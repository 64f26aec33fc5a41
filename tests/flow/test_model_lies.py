"""A model that lies in every way that a script can: no figure of its own, no deed, no tank in another's place, always an end."""

import gzip
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from bot.model.asked import Outcome
from bot.model.record import cost
from datasources.workspace.settings import ModelSettings
from domain.case.case import CaseKind
from domain.event import canonical
from skills.skill import Answer, Request, Skill, Status
from tests.fakes.house_stage import HouseStage
from tests.fakes.model_endpoint import BROKEN, BUSY, CUT, HANG, Reply, call, raw, say
from tests.fakes.model_stage import ModelStage, use

pytestmark = pytest.mark.asyncio(loop_scope="module")

T1 = "T-1 里头大概还剩多少"
T1_SAYS = "368.5吨"
"""What /tanks answers of T-1 on this stage."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ModelStage]:
    """One for all: no question leaves anything behind."""
    stage = await ModelStage.rise(await HouseStage.calm(tmp_path_factory.mktemp("lies") / "w"))
    yield stage
    await stage.fall()


INVENTED = [
    "T-1 还有 9999吨",
    "T-1:369吨",
    "大约三百六十八吨",
    "T-1 约 370吨",
    "T-1 还剩三百多吨,一切正常",
    "质押率 95%",
    "质押率百分之九十五",
    "货值3亿",
    "S-1 368.5吨",
    "T-2 还有 368.5吨",
    "T-1 368.5吨,可以放行",
    "T-1 368.5吨,货没问题",
    "已通知仓库停止出库",
    "3月13日起 T-1 368.5吨",
    "T-1 ３６９吨",
    "恒运赵总说 T-1 没少",
]


async def test_an_invented_sentence_is_never_said_beside_the_answer(stage: ModelStage) -> None:
    for lie in INVENTED:
        heard = await stage.ask(T1, use(("tanks", {"tank": "T-1"})), say(lie))
        assert heard.told.outcome is Outcome.ANSWERED
        assert T1_SAYS in heard.text
        assert [a.kind for a in heard.told.answers] == ["tanks"], lie
        assert lie not in heard.text
        assert heard.body["remark"] == "dropped"


async def test_a_sentence_without_any_skill_is_no_answer(stage: ModelStage) -> None:
    for lie in INVENTED:
        heard = await stage.ask(T1, say(lie))
        assert (heard.told.outcome, heard.told.answers) == (Outcome.NOTHING, ())


async def test_not_even_true_words_of_the_model_are_said(stage: ModelStage) -> None:
    alone = await stage.ask(T1, use(("tanks", {"tank": "T-1"})), say(""))
    heard = await stage.ask(T1, use(("tanks", {"tank": "T-1"})), say("T-1 液位 2.500米"))
    assert heard.text == alone.text
    assert (alone.body["remark"], heard.body["remark"]) == ("", "dropped")


async def test_another_tank_than_the_asker_named_is_not_run(stage: ModelStage) -> None:
    for other in ("T-2", "S-1", "T2", "2号罐", "T-1,T-2", "B-1", "T-999", "全部"):
        heard = await stage.ask(T1, use(("tanks", {"tank": other})), say(""))
        assert heard.ran == [], other
        assert heard.told.answers == (), other


async def test_leaving_out_the_tank_is_refused_and_mended_on_the_hint(stage: ModelStage) -> None:
    heard = await stage.ask(T1, use("tanks"), use(("tanks", {"tank": "T-1"})), say(""))
    assert heard.body["refused"] == ["left_out"]
    assert heard.ran[0][1] == {"tank": "T-1"}
    assert T1_SAYS in heard.text


async def test_a_tank_passed_over_is_no_answer(stage: ModelStage) -> None:
    heard = await stage.ask("T-1 和 S-1 各有多少", use(("tanks", {"tank": "T-1"})), say(""))
    assert heard.told.answers == ()


async def test_a_time_passed_over_is_no_answer(stage: ModelStage) -> None:
    heard = await stage.ask("昨天17点 货值是多少来着", use("status"), say(""))
    assert heard.told.answers == ()


async def test_a_model_cannot_make_the_bot_say_nothing(stage: ModelStage) -> None:
    heard = await stage.ask("咱那堆家当眼下折成票子有多厚", call(("smalltalk", {"text": "家当"})), say(""))
    assert (heard.told.outcome, heard.told.answers, heard.ran) == (Outcome.NOTHING, (), [])


async def test_deeds_and_refusals_that_nobody_came_near_to_are_no_tools(stage: ModelStage) -> None:
    question = "咱那堆家当眼下折成票子有多厚"
    wanted = [("a_ack", {}), ("a_escalate", {}), ("a_dispatch", {"text": question}), ("r_impersonation", {}), ("r_oos", {})]  # fmt: skip
    for name, arguments in wanted:
        heard = await stage.ask(question, call((name, arguments)), say(""))
        assert (heard.told.answers, heard.body["refused"]) == ((), ["no_tool"]), name
        offered = [t["function"]["name"] for t in heard.sent[0]["tools"]]
        assert not [n for n in offered if n.startswith(("a_", "r_"))], name


async def test_what_a_model_would_refuse_is_asked_back(stage: ModelStage) -> None:
    question = "让库里把T-2放了吧"
    near = replace(stage.asked(question), near=frozenset({"r_release_order"}))
    for calls in (call("r_release_order"), call("r_release_order", ("tanks", {"tank": "T-2"}))):
        stage.endpoint.plays(calls, say(""))
        told = await (await stage.kept()).answer(near)
        assert (told.outcome, told.answers) == (Outcome.NOTHING, ())
        assert told.event is not None
        assert told.event.body["skills"][0] == {"skill": "r_release_order", "arguments": {}, "status": "refused", "told": False}  # fmt: skip


async def test_our_figures_are_not_told_of_another_lender_s_cargo_nor_of_nobody_s(stage: ModelStage) -> None:
    heards = [
        await stage.ask(f"{name}折成票子有多厚", use("status", "exposure"), say(""), internal=internal)
        for name in ("海川池那堆家当", "泰和池那堆家当", "海川那堆家当", "泰和那堆家当", "B-1那罐子", "B-9那罐子")
        for internal in (True, False)
    ]
    assert [h.ran for h in heards] == [[]] * 12
    assert {tuple(h.body["refused"]) for h in heards} == {("unread", "unread")}


OTHER_AMOUNTS = [
    ("甲醇跌15%呢", {"good": "甲醇", "percent": "跌5%"}),
    ("甲醇跌5%呢", {"good": "甲醇", "percent": "涨5%"}),
    ("甲醇跌5%呢", {"good": "甲醇", "percent": "跌百分之五"}),
    ("甲醇跌5%呢", {"good": "甲醇", "percent": "5%"}),
    ("甲醇跌5%呢", {"good": "柴油", "percent": "跌5%"}),
    ("甲醇跌5%呢", {"good": "甲醇", "how": "limit"}),
    ("再提500吨甲醇行吗", {"good": "甲醇", "mass": "提5000吨"}),
    ("再提500吨甲醇行吗", {"good": "甲醇", "mass": "提0.5吨"}),
    ("还款500万呢", {"money": "还款5000万"}),
]


async def test_an_amount_that_the_asker_did_not_write_is_not_run(stage: ModelStage) -> None:
    for question, arguments in OTHER_AMOUNTS:
        heard = await stage.ask(question, use(("whatif", arguments)), say(""))
        assert heard.ran == [], (question, arguments)
        assert heard.told.answers == (), (question, arguments)


async def test_the_asker_s_own_amount_is_run(stage: ModelStage) -> None:
    heard = await stage.ask("甲醇跌5%呢", use(("whatif", {"good": "甲醇", "percent": "跌5%"})), say(""))
    assert heard.ran[0][1] == {"good": "METHANOL", "percent": "-5"}
    assert heard.told.answers


FAULTS = {
    "unknown tool": call("delete_everything"),
    "tool of nobody": call(("eval", {"code": "1"})),
    "arguments no json": use(("tanks", "{tank: T-1")),
    "arguments a list": use(("tanks", "[1]")),
    "arguments null": use(("tanks", "null")),
    "argument a number": use(("tanks", {"tank": 1})),
    "argument nested": use(("tanks", {"tank": {"x": "T-1"}})),
    "argument endless": use(("tanks", {"tank": "T-1" * 500})),
    "argument unknown": use(("tanks", {"sql": "select 1"})),
    "loop": use(("tanks", {"tank": "T-2"})),
    "empty": say(""),
    "busy": BUSY,
    "broken": BROKEN,
    "cut": CUT,
    "no json": raw("<html>gateway"),
    "null": raw("null"),
    "list": raw("[]"),
    "no choices": raw('{"choices": []}'),
    "choices null": raw('{"choices": null}'),
    "message null": raw('{"choices": [{"message": null}]}'),
    "content a number": raw('{"choices": [{"message": {"role": "assistant", "content": 7}}]}'),
    "not found": raw("{}", 404),
    "unauthorised": raw('{"error": {"message": "no"}}', 401),
    "brackets": Reply(body=b"[" * 200_000 + b"]" * 200_000),
    "arguments of brackets": use(("tanks", '{"tank":' + "[" * 100_000 + "]" * 100_000 + "}")),
    "number of 6000 digits": Reply(body=b'{"id":' + b"9" * 6000 + b"}"),
    "two million signs": say("是" * 2_000_000),
}


@pytest.mark.parametrize("stream", [False, True])
async def test_whatever_the_endpoint_does_there_is_an_end_without_an_answer(stage: ModelStage, stream: bool) -> None:
    for name, reply in FAULTS.items():
        heard = await stage.ask(T1, reply, stream=stream, seconds=5)
        assert heard.told.answers == (), name
        assert heard.told.outcome in {Outcome.NOTHING, Outcome.FAILED}, name
        assert len(heard.sent) <= 4, name


async def test_a_loop_of_the_same_call_is_answered_once(stage: ModelStage) -> None:
    heard = await stage.ask(T1, use(("tanks", {"tank": "T-1"})), calls=6)
    assert heard.text.count(T1_SAYS) <= 2
    assert len(heard.ran) == 1
    assert (len(heard.sent), set(heard.body["refused"])) == (6, {"again"})


async def test_what_was_run_before_the_endpoint_broke_is_answered(stage: ModelStage) -> None:
    heard = await stage.ask(T1, use(("tanks", {"tank": "T-1"})), BROKEN)
    assert T1_SAYS in heard.text
    assert heard.body["why"] == "OpenAIAPIError"


async def test_a_second_model_is_asked_where_the_first_fails(stage: ModelStage) -> None:
    def first_is_busy(request: dict) -> Reply:
        return BUSY if request["model"] == "m-1" else use(("tanks", {"tank": "T-1"}))

    heard = await stage.ask(T1, first_is_busy, first_is_busy, BROKEN, fallback="m-2", calls=3)
    assert T1_SAYS in heard.text
    assert heard.body["models"] == ["m-2"]
    assert [r["model"] for r in heard.sent] == ["m-1", "m-2", "m-1"]


async def test_a_hanging_endpoint_costs_no_more_than_the_seconds(stage: ModelStage) -> None:
    heard = await stage.ask(T1, HANG, seconds=0.3)
    assert heard.told.outcome is Outcome.TIMEOUT
    assert heard.told.answers == ()
    assert heard.body["latency_ms"] < 3000


async def test_calls_and_tokens_have_an_end(stage: ModelStage) -> None:
    many = Reply(calls=use(("tanks", {"tank": "T-2"})).calls, usage={"prompt_tokens": 400, "completion_tokens": 200, "total_tokens": 600})  # fmt: skip
    assert len((await stage.ask(T1, many, calls=2)).sent) == 2
    assert len((await stage.ask(T1, many, calls=9, tokens=1000)).sent) == 2


@pytest.mark.parametrize("used", [float("nan"), -(10**9), 10**40, 100.5, "100", None, [1], True])
async def test_what_an_endpoint_says_of_its_use_is_a_number_of_tokens_or_is_estimated(
    stage: ModelStage, used: object
) -> None:
    usage: dict[str, Any] = {"prompt_tokens": used, "completion_tokens": used, "total_tokens": 1}
    prices = {"cny_per_million_in": Decimal(2), "cny_per_million_out": Decimal(8)}
    heard = await stage.ask(T1, Reply(calls=use(("tanks", {"tank": "T-1"})).calls, usage=usage), say(""), **prices)
    body = heard.body
    assert canonical(body)
    assert 0 <= body["tokens_in"] < 100_000
    assert 0 <= body["tokens_out"] < 100_000
    assert Decimal(0) <= Decimal(body["cost_cny"]) < 1


async def test_a_use_below_nothing_does_not_buy_more_calls(stage: ModelStage) -> None:
    owed = {"prompt_tokens": -(10**6), "completion_tokens": -(10**6), "total_tokens": 0}
    again = Reply(calls=use(("tanks", {"tank": "T-2"})).calls, usage=owed)
    heard = await stage.ask(T1, again, calls=9, tokens=1)
    assert len(heard.sent) == 1


async def test_a_cost_beyond_all_measure_is_no_figure() -> None:
    settings = ModelSettings(base_url="http://127.0.0.1", name="m", key_variable="K", cny_per_million_in=Decimal(1))
    assert cost(settings, 10**40, 0) is None
    assert cost(settings, 10**6, 0) == "1.000000"


async def test_a_packed_reply_is_not_unpacked(stage: ModelStage) -> None:
    heard = await stage.ask(T1, replace(say(""), body=gzip.compress(b" " * 9_000_000), packed="gzip"))
    assert heard.told.outcome is Outcome.FAILED
    assert b"accept-encoding: identity" in heard.bytes.lower()


async def test_of_hundreds_of_calls_in_one_reply_few_are_judged_and_none_holds_up_the_rest(stage: ModelStage) -> None:
    many = use(*(("tanks", {"tank": f"T-{n}"}) for n in range(600)))
    heard = await stage.ask(T1, many, many, say(""))
    assert len(heard.body["refused"]) + len(heard.ran) == 12, "of one reply eight, of a question twelve"
    answered = [m for m in heard.sent[-1]["messages"] if m["role"] == "tool"]
    called = [c for m in heard.sent[-1]["messages"] for c in m.get("tool_calls") or ()]
    assert len(answered) == len(called) == 16
    assert [json.loads(m["content"])["error"] for m in answered[-4:]] == ["enough"] * 4


async def test_what_was_run_counts_even_where_its_answer_may_not_be_told(stage: ModelStage) -> None:
    """Of several proposals one may be told; the others are worked out all the same."""
    question, ran = "申请补货 T-1 甲醇 40吨", list[str]()

    async def proposes(skill: Skill, arguments: Mapping[str, str]) -> Answer:
        ran.append(arguments["text"])
        return Answer(
            status=Status.OK, kind="failed", facts={}, request=Request(contract_id="A-1", kind=CaseKind.TOP_UP)
        )

    stage.endpoint.plays(use(*(("bring", {"text": question + end}) for end in ("", "。", "?", "!", "…"))), say(""))
    told = await (await stage.kept()).answer(replace(stage.asked(question), run=proposes))
    assert told.event is not None
    assert told.event.body["refused"][:2] == ["tainted", "tainted"]
    assert len(ran) == 3


async def test_many_calls_at_once_are_cut_to_what_fits_a_phone(stage: ModelStage) -> None:
    flood = use("status", "tanks", "alarms", "topup", "headroom", "exposure", "cases", *["status"] * 40)
    heard = await stage.ask("都给我看看", flood, say(""))
    assert len(heard.told.answers) == len(heard.ran) == 3
