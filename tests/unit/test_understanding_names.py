"""Names as chats write them: tanks in every spelling, lists, goods of the trade, people, banks; slips of the input method."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.understanding import names
from skills.understanding.names import SIGNS, Mention
from skills.understanding.normal import normal, number_of
from skills.understanding.slips import REAL, WORDS, corrected
from skills.understanding.vocabulary import Vocabulary
from tests.data.words.hearing import HERE

KNOWN = Vocabulary.of(HERE)


def found(text: str) -> tuple[str, tuple[Mention, ...]]:
    """The masked words of a text of one clause, and its names."""
    (clause,) = normal(text).clauses
    return names.found(clause, KNOWN)


def ids(text: str, kind: str) -> list[str]:
    return [i for m in found(text)[1] if m.kind == kind for i in m.ids]


@pytest.mark.parametrize(
    ("text", "tanks"),
    [
        ("T-107和T-112", ["T-107", "T-112"]),
        ("3、5和7号罐液位", ["V203", "V205", "T-107"]),
        ("3号、5号罐", ["V203", "V205"]),
        ("T-112、V203液位", ["T-112", "V203"]),
        ("七号罐和12号罐", ["T-107", "T-112"]),
        ("5倒6", ["V205", "V206"]),
        ("v-203", ["V203"]),
        ("12#", ["T-112"]),
        ("500吨", []),
        ("3号楼", []),
        ("9.31米", []),
    ],
)
def test_tanks_are_found_in_every_spelling(text: str, tanks: list[str]) -> None:
    assert ids(text, "tank") == tanks


def test_a_name_leaves_its_sign_and_the_rest_as_it_was() -> None:
    masked, mentions = found("港储一库的甲醇让赵总看下T-112")
    assert masked == "S的G让H看下T"
    assert [m.kind for m in mentions] == ["site", "good", "person", "tank"]


@pytest.mark.parametrize("text", ["T-999什么情况", "8号罐液位"])
def test_a_tank_that_is_not_here_is_a_tank_without_a_meaning(text: str) -> None:
    (mention,) = found(text)[1]
    assert (mention.kind, mention.ids) == ("tank", ())


def test_goods_of_the_trade_are_goods_though_none_is_here() -> None:
    assert [(m.kind, m.ids) for m in found("甲苯还有多少")[1]] == [("good", ())]
    assert ids("柴油还有多少", "good") == ids("0#柴油还有多少", "good") == ["D0"]


def test_ones_own_bank_is_told_from_others() -> None:
    (own,) = found("甲银行的货")[1]
    (other,) = found("乙银行的货")[1]
    assert (own.kind, own.ids) == ("bank", ("own",))
    assert (other.kind, other.ids) == ("bank", ())


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("107", 107),
        ("三", 3),
        ("十二", 12),
        ("二十", 20),
        ("一百零七", 107),
        ("一〇七", 107),
        ("两", 2),
        ("百", 100),
        ("三百五", 350),
        ("x", None),
        ("", None),
    ],
)
def test_numbers_as_people_write_them(written: str, number: int | None) -> None:
    assert number_of(written) == number


def test_the_normal_form_forgets_width_case_and_script() -> None:
    assert normal("请问，Ｔ－１０７现在的液位是多少？").clauses == ("请问", "t-107现在的液位是多少")
    assert normal("貨還在不在").clauses == ("货还在不在",)
    assert normal("小六子，货值多少").named
    assert normal("货值多少？").marked


def test_a_comma_within_a_number_ends_no_clause_and_a_list_of_tanks_is_one() -> None:
    assert normal("申请提货1,200吨,今天").clauses == ("申请提货1,200吨", "今天")
    assert normal("T-112、T-113和2号加起来多少").clauses == ("t-112和t-113和2号加起来多少",)
    assert normal("货值多少、质押率多少").clauses == ("货值多少", "质押率多少")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("三号灌夜位多少", "三号罐液位多少"),
        ("监管县以上还有多少", "监管线以上还有多少"),
        ("甲纯还有几吨", "甲醇还有几吨"),
        ("质押绿多少", "质押率多少"),
        ("仓但到期没", "仓单到期没"),
    ],
)
def test_a_slip_of_the_input_method_is_the_word_it_sounds_like(typed: str, meant: str) -> None:
    assert corrected(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "夜里有没有出过库",
        "3月初货值多少",
        "职位变动",
        "获知消息",
        "现在多少",
        "公司的货",
        "升起来了",
        "管理人员",
        "提到的那批",
        "国庆期间",
        "3月18日前到期的仓单",
        "月底前到账",
        *WORDS,
    ],
)
def test_a_word_that_people_do_write_is_left_alone(text: str) -> None:
    assert corrected(text) == text


@pytest.mark.parametrize(
    ("typed", "good"),
    [("航媒还有几吨", "航煤"), ("丁脂现价", "乙酸丁酯"), ("苯已烯多少钱", "苯乙烯"), ("棕榈由的价", "棕榈油")],
)
def test_a_good_is_known_by_its_sound(typed: str, good: str) -> None:
    masked, (name,) = found(typed)
    assert name.kind == "good"
    assert name.said == good
    assert masked.startswith("G")


def test_the_workspaces_own_names_are_known_by_their_sound() -> None:
    assert [m.ids for m in found("衡运池货值多少")[1]] == [m.ids for m in found("恒运池货值多少")[1]]
    assert [m.kind for m in found("港除一库几吨")[1]] == ["site"]


def test_what_only_sounds_like_a_good_and_is_a_word_stays_one() -> None:
    assert found("原有的货还剩多少") == ("原有的货还剩多少", ())


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("G-05动过没", "T动过没"),
        ("g12罐动过没", "T动过没"),
        ("P-1泵坏了", "p-1泵坏了"),
        ("M-100燃料油多少", "m-100G多少"),
    ],
)
def test_a_code_that_is_no_tank_of_ours_is_heard_as_a_tank_but_no_pump_and_no_grade(text: str, masked: str) -> None:
    said, names = found(text)
    assert said == masked
    assert all(m.ids == () for m in names if m.kind == "tank")


def test_this_depot_is_the_only_one_there_is() -> None:
    only = Vocabulary.of(replace(HERE, sites=dict([next(iter(HERE.sites.items()))])))
    assert [m.ids for m in names.found("这个库还剩多少吨", only)[1]] == [tuple(only.only)]
    assert names.found("这个库还剩多少吨", KNOWN)[1] == ()


def test_words_that_sound_alike_and_are_real_are_never_mended() -> None:
    assert [w for w in REAL if corrected(w) != w.replace("灌", "罐")] == []


@given(st.text(alphabet="一二三十百T-t107号罐#、和V203甲醇柴油倒赵总银行池化工 ,.库", max_size=30))
def test_no_text_breaks_the_search_and_every_sign_is_a_name(text: str) -> None:
    for clause in normal(text).clauses:
        masked, mentions = names.found(clause, KNOWN)
        assert [SIGNS[m.kind] for m in mentions] == [c for c in masked if c in SIGNS.values()]


@pytest.mark.parametrize("written", ["T一零七", "t-1o7", "T-1O7"])
def test_a_tanks_number_may_be_spelled(written: str) -> None:
    assert [m.ids for m in found(f"{written}还有多少吨")[1]] == [m.ids for m in found("T-107还有多少吨")[1]]


def test_a_tank_with_one_letter_more_is_none_of_ours() -> None:
    assert [(m.kind, m.ids) for m in found("T-107A还有多少吨")[1]] == [("tank", ())]
