"""Words of the dialects are read in those of the standard language; a word that means two things is left alone."""

import pytest

from skills.understanding.dialects import standard
from skills.understanding.normal import normal
from tests.data.words.hearing import hear, one


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("有冇罐嘅读数唔变", "有没有罐的读数不变"),
        ("听日中午前打款", "明天中午前打款"),
        ("甲苯今朝啥价钿", "甲苯今天啥价钱"),
        ("昨日夜里厢出过货伐", "昨日夜里出过货吗"),
        ("咱库里还有几多货", "我们库里还有多少货"),
        ("有啥子问题没得", "有什么问题没有"),
        ("边个值班", "谁值班"),
        ("上个夜里的警报", "昨天夜里的警报"),
        ("后半夜出过货伐", "下半夜出过货吗"),
    ],
)
def test_a_word_of_a_dialect_is_the_standard_one(said: str, read: str) -> None:
    assert normal(said).whole == read


@pytest.mark.parametrize("said", ["旁边个罐", "仲裁条款", "大明朝", "傍晚的货值", "甲醇好多吨", "唔好的", "两边度数"])
def test_what_also_means_something_else_stays(said: str) -> None:
    assert standard(said) == said


def test_a_promise_for_tomorrow_in_cantonese_is_for_tomorrow() -> None:
    assert one(hear("听日中午12点前一定打两百万过去")).slots["deadline"].startswith("D+1")
