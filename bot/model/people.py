"""Persons who are in no list, by how a name looks: a surname, one or two characters of a given name, and what stands beside.

A surname that rarely begins another word (李, 赵) needs less beside it than one that often does (高, 金, 方). Whatever is a word
of ordinary Chinese (``ordinary``) is no name, whoever may be called so.
"""

import re
from collections.abc import Container, Iterator

from bot.model.listed import characters
from bot.model.ordinary import is_entry, is_ours, is_word
from bot.model.shapes import is_chinese

_TWO = (
    "欧阳 上官 司马 诸葛 皇甫 尉迟 令狐 东方 公孙 慕容 夏侯 端木 独孤"
    " 南宫 长孙 司徒 宇文 轩辕 钟离 闻人 澹台 淳于 太史 申屠 仲孙 呼延 司空"
)
_DOUBLE = frozenset(_TWO.split())
_ONLY_NAMES = _DOUBLE - {"东方", "长孙", "太史", "南宫", "公孙", "司空", "上官"}
"""What is hardly said but as a surname: any given name may follow."""
CLEAR = characters("people", "clear")
"""Surnames that begin few other words."""
WARY = characters("people", "wary")
"""That begin many."""
_RARE = characters("people", "rare")
"""That count and measure, or end a word of the field: a whole name is needed."""
_SURNAMES = CLEAR | WARY | _RARE
_GIVEN = characters("people", "given")
"""Characters of given names."""
_NEVER = frozenset("有在得来工用特重机活让可定同音言落藏采野加声团长老太小大少本先前进全才原顶想复均当设多能")
"""Of given names too, but by themselves words: only beside another character."""
_NEVER_LAST = frozenset("有在让得一")
"""Never the end of a name."""
_NUMBERED = "一二三四五六七八九十"
_BEFORE = re.compile(
    r"(?:[找问让叫跟给由和与请喊催派是对替帮被据听同向得看约陪见劝托姓把有等换为归比像在查代加]|告诉|通知|联系|转告|转给|发给|交给|[一问找看催叫]下|老板|经理"
    r"|客户|同事|师傅|司机|领导|除了|还有|另外|以及|说|知道|联络|认识|麻烦|刚才|[今昨前]天|[昨今]晚|上次|这单|那单)$"
)
"""What stands before a person."""
_AFTER = re.compile(
    r"$|[^\u4e00-\u9fff]|[说讲问去来签打在到的了吗呢吧啊呀有没回发提要是给跟和与会能知看接批盯处那这他她怎让叫把刚还也都就又已不上下管值休请做办走拿"
    r"送报查核复量测验收付开用催告拒点填写传交转先自从对被帮为得应可想愿觉认以反早晚今明昨啥哪干最才多拉装卸换补押欠借等见过算住出进盘巡留带定当手]"
    r"|负责|同意|确认|安排|什么|师傅|经手|联系|电话|微信|人呢|通知|承认|答应|老师|同志|同学"
)
"""What stands behind one."""
_TITLE = re.compile(
    r"[姐哥叔妹]|(?P<surname>老师|律师|会计|医生|大夫|教授|[队处局部厂院校]长|总监|助理|秘书|书记|出纳|保管|库管|船长|大副|同志|[姨婶嫂爷伯董]"
    r"|经理|主管|主任|行长|科长|站长|班长|老板|师傅|女士|先生|[队处](?![长理置罚])|总(?![货值量吨共额价体的是计数部行])|工(?![作人程业厂艺具单期]))"
)
"""Behind a surname, the first also behind one character of a given name."""
_IN_POST = re.compile(r"(?:风控|法务|合规|信贷|财务|库管|仓管|会计|出纳|采购|销售|业务|内勤|司机|客户)$")
_ALONE = re.compile(r"$|[^\u4e00-\u9fff]|[的说讲问呢吗在来签]")
"""What stands before a bare surname (风控陈), and what behind it."""


def unlisted(text: str, gaps: Container[int]) -> Iterator[tuple[int, int]]:
    """(start, end) of every person in the text that no list has, in order.

    text: in simplified characters. gaps: places before which the asker has left a gap.
    """
    at = 0
    while at < len(text):
        size = _spoken(text, at, gaps) or _named(text, at, gaps)
        if size:
            yield at, at + size
        at += size or 1


def _spoken(text: str, at: int, gaps: Container[int]) -> int:
    """The length of 小红, 阿强, 芳姐, 王会计, 王某 here, or of 陈 behind 风控; else 0."""
    c, second = text[at], text[at + 1 : at + 2]
    if c == "老" and second in _SURNAMES - _RARE and text[at + 2 : at + 3] == "头" and not is_entry(text[at : at + 3]):
        return 3
    if c == "老" and second in CLEAR and _free(text, at, at + 2, gaps):
        return 2
    if c in "小阿" and _usual(second) and second not in _NEVER and _free(text, at, at + 2, gaps):
        return 2
    if c in CLEAR and second == "某":
        return 3 if text[at + 2 : at + 3] == "某" else 2
    if (
        c in CLEAR
        and _IN_POST.search(text[max(0, at - 2) : at])
        and _ALONE.match(text, at + 1)
        and not is_ours(c + second)
    ):
        return 1
    surname = c in _SURNAMES - _RARE or (
        _rare(c) and (_first(text, at) or _BEFORE.search(text[max(0, at - 3) : at]) is not None)
    )
    title = _TITLE.match(text, at + 1) if surname or c in _GIVEN - _NEVER else None
    if title is None or (title["surname"] and not surname):
        return 0
    return title.end() - at if _free(text, at, title.end(), gaps) else 0


def _named(text: str, at: int, gaps: Container[int]) -> int:
    """The length of a full name that begins here, the longest; else 0."""
    surname = 2 if text[at : at + 2] in _DOUBLE else 1 if text[at] in _SURNAMES else 0
    sizes = (2, 1) if surname else ()
    return next((surname + given for given in sizes if _fits(text, at, surname, given, gaps)), 0)


def _fits(text: str, at: int, surname: int, given: int, gaps: Container[int]) -> bool:
    """Whether what stands here looks like a name, and enough stands beside it to take it for one."""
    end = at + surname + given
    name = text[at + surname : end]
    told = name in _NUMBERED or all(map(_usual, name.lstrip(_NUMBERED)))
    told = told or (text[at : at + surname] in _ONLY_NAMES and _any_given(text, at + surname, end))
    if len(name) < given or not told:
        return False
    if len({n in gaps for n in range(at + 1, end)}) > 1:  # a gap inside of a name is one after each character
        return False
    first = at == 0 or at in gaps or not text[at - 1].isalnum()  # 3车 and 500万 count
    signs = int(first or _BEFORE.search(text[max(0, at - 3) : at]) is not None)
    signs += int(end in gaps or _AFTER.match(text, end) is not None)
    if signs < _needed(text[at], name, double=surname == 2):
        return False
    return _free(text, at, end, gaps, surname=surname, sure=given == 2 and signs == 2)


def _needed(surname: str, given: str, *, double: bool) -> int:
    """How much must stand beside it, 0–2; 3 is more than there can be."""
    if double:
        return 0 if all(map(_usual, given)) and given not in _NEVER else 2
    counted = len(given) == 2 and given[0] in _NUMBERED
    if given in _NEVER or given[-1] in _NEVER_LAST or (counted and surname not in CLEAR):
        return 3
    if len(given) == 2 and is_entry(given):
        return 3 if is_ours(given) and surname not in CLEAR else 2
    return 2 if surname in _RARE else (surname in WARY) + (len(given) == 1)


def _usual(c: str) -> bool:
    """Common in given names, or so rare that no learned sentence holds it."""
    return c in _GIVEN or _rare(c)


def _any_given(text: str, at: int, end: int) -> bool:
    """Two characters that are no word, of which the second goes on with no sentence: 相如."""
    return (
        end - at == 2
        and all(map(is_chinese, text[at:end]))
        and not (is_entry(text[at:end]) or _AFTER.match(text, at + 1))
    )


def _rare(c: str) -> bool:
    return is_chinese(c) and not is_word(c)


def _first(text: str, at: int) -> bool:
    return at == 0 or not is_chinese(text[at - 1])


def _free(text: str, at: int, end: int, gaps: Container[int], *, surname: int = 1, sure: bool = False) -> bool:
    """No word of ordinary Chinese begins with it, and none reaches into it from either side. sure: only a longer one counts."""
    word = is_entry if end - at > 2 else is_word
    pair = text[at : at + 2]
    if surname == 1 and (is_ours(pair) if sure else word(pair)):
        return False
    if any(is_entry(text[at : at + n]) for n in (3, 4) if n > surname):
        return False
    into = at > 0 and at not in gaps and is_entry(text[at - 1 : at + 1])
    if into and not (_BEFORE.search(text[at - 1 : at]) or is_entry(text[max(0, at - 2) : at])):
        return False
    return sure or end in gaps or end >= len(text) or not is_entry(text[end - 1 : end + 1])
