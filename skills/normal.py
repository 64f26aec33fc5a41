"""The normal form of what people type: width, case, emoji, punctuation, slips of the input method, synonyms.

Knows no names and no skills. Applied alike to a question and to the examples that it is compared with.
"""

import re
import unicodedata
from typing import NamedTuple

_DROPPED = frozenset({"So", "Sk", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})
"""Emoji, modifiers, joiners, private use: never part of a question."""

_NAMED = re.compile(r"^\s*@?小六子?(?=$|[^0-9a-z])[\s,.:;!?。、~]*|[\s,、]*@?小六子\s*[.!?。~]*$")
_BOT = re.compile(r"(?<![0-9a-z_])@[0-9a-z_]*bot(?![0-9a-z_])")
_BREAKS = re.compile(r"[?!;。,、~…\n\"'“”‘’()\[\]{}《》【】|]+|:(?!\d)|(?<!\d):|\.(?!\d)")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_LOOSE = re.compile(r"(?<![0-9a-z#]) +| +(?![0-9a-z#])")

# What phones and pinyin input make of the field's words (utterances.csv D071–D073 and their like), before names are
# looked for; then one word for each idea. Longer ones first.
_SAME: tuple[tuple[str, str], ...] = (
    ("夜位", "液位"),
    ("页位", "液位"),
    ("监管县", "监管线"),
    ("灌", "罐"),
    ("现再", "现在"),
    ("值几个钱", "值多少钱"),
    ("几个钱", "多少钱"),
    ("多少米", "几米"),
    ("没有处理完", "未结"),
    ("没处理完", "未结"),
    ("没处理", "未结"),
    ("未处理", "未结"),
    ("没有解除", "未结"),
    ("没解除", "未结"),
    ("未解除", "未结"),
    ("没关系", "没关系"),
    ("没关闭", "未结"),
    ("未关闭", "未结"),
    ("没关", "未结"),
    ("没结", "未结"),
    ("没销", "未结"),
    ("报警", "预警"),
    ("告警", "预警"),
    ("警报", "预警"),
    ("质押物", "货"),
    ("抵押物", "货"),
    ("押品", "货"),
    ("质物", "货"),
    ("货物", "货"),
    ("货品", "货"),
    ("总价值", "货值"),
    ("总值", "货值"),
    ("价值", "值"),
    ("估值", "值"),
    ("多少万", "多少"),
    ("多少亿", "多少"),
    ("货种", "品种"),
    ("品类", "品种"),
    ("种类", "品种"),
    ("几多", "多少"),
    ("几吨", "多少吨"),
    ("使用", "用"),
    ("还剩下", "还有"),
    ("剩下", "有"),
    ("剩余", "有"),
    ("剩", "有"),
    ("仓里", "库里"),
    ("啥样", "怎么样"),
    ("咋样", "怎么样"),
    ("怎样", "怎么样"),
    ("如何", "怎么样"),
    ("状况", "情况"),
    ("什么状态", "什么情况"),
    ("情形", "情况"),
    ("咋", "怎么"),
    ("啥", "什么"),
    ("吨数", "多少吨"),
    ("存量", "库存"),
    ("库存货", "库存货"),
    ("存货", "库存"),
    ("清单", "列表"),
    ("能做", "能干"),
    ("整体", "总体"),
    ("逐罐", "分罐"),
    ("单罐", "分罐"),
    ("油罐", "罐"),
    ("储罐", "罐"),
    ("各油库", "各库区"),
    ("各仓库", "各库区"),
    ("各个库", "各库区"),
    ("各库区", "各库区"),
    ("按仓库", "按库区"),
    ("按油库", "按库区"),
    ("分仓库", "分库区"),
    ("分库看", "分库区"),
    ("按库看", "按库区"),
)
_TO = dict(_SAME)
_WORDS = re.compile("|".join(re.escape(a) for a, _ in sorted(_SAME, key=lambda p: -len(p[0]))))

# Politeness, vagueness about now, and particles: they change nothing about what is asked.
_FILLERS = re.compile(
    "是不是|我想知道|我想问|想知道|想问问|想问|问一下|问下|请问|麻烦|劳驾|辛苦|帮我|帮忙|给我|跟我|发我|告诉我|能不能|可不可以|可以|"
    "看一下|看看|看下|查一下|查查|查下|查询|列一下|列下|列出|报一下|报下|说一下|说下|说说|讲讲|来一份|一份|来个|里面|里头|一下|"
    "到底|究竟|大概|大约|约|差不多|基本|目前|当前|现在|现时|此刻|眼下|今天|今日|这会儿|实时|最新|"
    "总共|一共|合计|共|全部|所有|我们|咱们|咱|我|你们|老师|这个|那个|这批|这些|那些|这|那|哪|"
    "各位|大家|还|都|也|就|请|看|查|的|了|呢|吗|嘛|(?<![什怎])么|啊|呀|哦|哈|吧|呗|是|个"
)


# Questions that no general word may cover: 什么 explains neither 为什么 nor 什么时候.
_ASKED = (
    (re.compile("为什么|怎么会|什么原因|凭什么|原因"), "Y"),
    (re.compile("什么时候|几时|何时|几点"), "W"),
    (re.compile("多久|多长时间|几天"), "L"),
    (re.compile("怎么办|怎么处理|会不会|能否"), "H"),
)
ATOMS = frozenset(sign for _, sign in _ASKED)
"""Signs of questions that a skill must have an example of."""


class Normal(NamedTuple):
    """A text in normal form, clause by clause, and whether it calls the bot by its name."""

    clauses: tuple[str, ...]
    named: bool

    @property
    def text(self) -> str:
        """All clauses in one line."""
        return " ".join(self.clauses)


def normal(text: str) -> Normal:
    """Half width, lower case, no emoji, no @bot, synonyms told by one word; split at punctuation."""
    wide = unicodedata.normalize("NFKC", text).lower().translate(_DASHES)
    plain = "".join(c for c in wide if c == "\n" or unicodedata.category(c) not in _DROPPED)
    plain, bots = _BOT.subn(" ", plain)
    plain, names = _NAMED.subn("", plain.strip())
    spoken = _WORDS.sub(lambda m: _TO[m[0]], plain)
    clauses = (_LOOSE.sub("", re.sub(r"\s+", " ", part)).strip() for part in _BREAKS.split(spoken))
    return Normal(clauses=tuple(c for c in clauses if c), named=bots + names > 0)


def bare(clause: str) -> str:
    """What a normal clause asks, without fillers and spaces; why, when and how long as one sign each."""
    for words, sign in _ASKED:
        clause = words.sub(sign, clause)
    return _FILLERS.sub("", clause).replace(" ", "")


_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def number_of(text: str) -> int | None:
    """The whole number below 10,000 that these digits or Chinese numerals write, or None: 十二 → 12, 一百零七 → 107."""
    if text.isascii() and text.isdigit():
        return int(text)
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if text else None
    total, digit = 0, 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[c], 0
        else:
            return None
    return total + digit
