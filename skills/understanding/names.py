"""Tanks, goods, sites, contracts, firms and people as chats write them: T-107, t107, 107号罐, 七号罐; 柴油 for 0#柴油.

Names come from the outside as a ``Scope``, narrowed to what a chat may know: another lender's tank is as unknown as one
that does not exist. Goods of the trade are heard as goods wherever they are, so that the answer can say there is none.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

from domain.contract import Contract
from domain.good import Good
from domain.people import Roster
from domain.tank import Site, Tank, TankIndex
from skills.understanding.goods import SHORT, TRADED
from skills.understanding.normal import normal, number_of
from skills.understanding.slips import Sounds, with_names

SIGNS = {
    "tank": "T",
    "good": "G",
    "site": "S",
    "contract": "C",
    "firm": "O",
    "person": "H",
    "bank": "B",
    "stranger": "X",
}
"""What stands for a name once it has been recognised: capitals, which no normal text holds."""

_SOUNDING = frozenset({"good", "site", "contract", "firm"})

_CODE = re.compile(
    r"(?<![0-9a-z])(?=[0-9_-]*[a-z])(?:[a-z]{1,4} ?[-_]? ?\d{1,5}[a-z]?|[a-z0-9]+(?:[-_][a-z0-9]+)*)(?![0-9a-z])(?:号|#)?罐?"
)
_NO_TANK_OF_OURS = re.compile(
    r"(t|tk|v|tank)[-_ ]?(\d{1,4})(?:号|#)?罐?|([a-z]{1,2})(?:-(?=\d{1,3}(?:号|#)?罐?$)|(?=\d{1,4}(?:号|#)?罐$))(\d{1,4})(?:号|#)?罐?"
)
"""Signs of a tank, also where it is none of ours: G-05."""
_LIST = r"(?:[,、和跟与及]?)"
_N = r"(?:\d{1,5}|[零〇一二两三四五六七八九十百]{1,6})"
_NUMBER = re.compile(
    rf"(?<![0-9a-z.#-])(?:(?P<a>{_N})(?:(?:号|#|＃)(?!文|楼|门|机|泵|线|柴|汽|车|公|院|仓(?!罐))罐?(?:位)?|罐)"
    rf"|(?:罐|tk-?|tank ?)(?P<b>\d{{1,5}})(?![0-9.%吨万个条张天人]))"
)
_MORE = re.compile(
    rf"(?P<n>{_N})(?=(?:[、,和跟与及]{_N})*[、,和跟与及]?T)|(?<=T)[和跟与及、,](?P<m>\d{{1,5}})(?![0-9.%吨万个条张天人年月])"
)
_FROM_TO = re.compile(
    rf"(?<![0-9a-z])(?P<from>{_N})(?:号|#)?罐?(?:倒|转|导|移)(?:到|入|进|往|去)?(?P<to>{_N})(?:号|#)?罐?(?![0-9吨天点])"
)
_PERSON = re.compile(
    r"老[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹潘葛范彭鲁马方任袁柳唐罗薛伍余顾孟黄萧尹姚邵汪毛米贝明臧"
    r"计成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓石崔龚程刘]"
    r"|小[陈王李张刘赵孙周吴郑黄林马杨朱徐高郭]"
    r"|[赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严魏陶姜谢邹潘范彭鲁马方任袁唐罗薛余顾孟黄萧尹姚邵汪毛宋熊纪董梁杜江郭梅林钟徐邱高"
    r"夏蔡田樊胡凌霍卢莫丁邓石崔龚程刘](?:总(?!货|值|量|吨|共|额|价|体|的|是|计|数)|经理|主管|工(?!作|人|程|业|厂|艺|具|单|期)|师傅|行长|科长|主任|科|处|库管|站长|班长|老板|队)"
)
_BANK = re.compile(
    r"(?:(?:甲|乙|丙|丁|戊|工商|建设|农业|中国|交通|招商|兴业|浦发|中信|光大|平安|民生|华夏|广发|恒丰|青岛|齐鲁|日照|邮储|城商|农商|邮政储蓄)银行"
    r"|(?<![一-龥])(?:工行|建行|农行|中行|交行|招行|兴业|浦发|中信|光大|平安)(?![一-龥]*险))(?:[一-龥]{2}分行)?"
)
_STRANGER = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,4}(?=(?:化工|石化|集团|能源|贸易|油品|港务|公司)(?:的|那|现在|还|有|货|质|占|欠|本|池|项目|$| ))|"
    r"(?<![的我你他她这那哪个们在到把和跟与是没看查给整全各每按分建单大小老新总])(?<=[^\u4e00-\u9fff])[\u4e00-\u9fff]{2}(?=池(?!子里|里)(?:的|那|现|还|多|货|质|$| ))"
)
_OURS = re.compile(
    r"(?:(?:我们|咱们?|俺们?)(?:这边|这儿|这里|这|自己)?的?|我(?:这边|这儿|这里|自己)的?|(?<!成|基|资|日)本)(?:仓库|油库|罐区|库区|库)"
    r"(?!存(?![着放在了])|管|房|位|容|方)"
)
"""A depot's people say 我们库 of their own site; 我们库存 is stock, and no place."""
_HERE = re.compile(r"[那这该]个?(?:仓库|油库|罐区|库区|库)(?!存|管|房|位|容|方)")
"""The only site there is."""
_CONTRACT = re.compile(r"(?<![0-9a-z])[a-z]{2,4}-[a-z]{2,6}-\d{4}-\d{1,4}(?![0-9a-z])")
"""A contract's number, of which this chat knows nothing."""
_COMMON_FIRMS = frozenset(
    {
        "你们",
        "我们",
        "他们",
        "监管",
        "保险",
        "哪家",
        "贵",
        "我司",
        "仓储",
        "物流",
        "承保",
        "担保",
        "项目",
        "整个",
        "这个",
        "那个",
        "哪个",
        "咱们",
        "借款",
        "委托",
    }
)
_GRADE = re.compile(r"^[-+]?\d+#")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The names that may be understood somewhere. firms and people: id → ways to write it; banks: the asker's own.

    strangers: names that are nobody's; for learning from sentences that hold them, never from a workspace. ours: the
    sites of the depot whose person asks.
    """

    index: TankIndex
    goods: Mapping[str, Good]
    sites: Mapping[str, Site]
    contracts: Mapping[str, Contract]
    firms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    banks: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()


class Names(Protocol):
    """Everything that has a name; a workspace is one."""

    @property
    def index(self) -> TankIndex:
        """The tanks."""

    @property
    def goods(self) -> Mapping[str, Good]:
        """Goods by code."""

    @property
    def sites(self) -> Mapping[str, Site]:
        """Sites by id."""

    @property
    def roster(self) -> Roster:
        """Firms and people."""


def within(names: Names, contracts: Iterable[Contract], *, depot: str | None = None) -> Scope:
    """Only what belongs to these contracts: their tanks, goods and sites, their parties and those parties' people.

    depot: whose person asks; its sites are what they call 我们库.
    """
    mine = {c.id: c for c in contracts}
    pledged = {t for c in mine.values() for t in c.tank_ids()}
    tanks = tuple(t for t in names.index.tanks if t.id in pledged)
    sites, goods = {t.site_id for t in tanks}, {t.good for t in tanks}
    firms, known = names.roster.organisations, names.roster.people.values()
    depots = {d for c in mine.values() for d in c.depots}
    parties = {f for c in mine.values() for f in (c.lender, c.borrower, c.supervisor, *c.depots) if f is not None}
    lenders = [firms[c.lender] for c in mine.values()]
    return Scope(
        index=TankIndex(tanks),
        goods={k: g for k, g in names.goods.items() if k in goods},
        sites={k: s for k, s in names.sites.items() if k in sites},
        contracts=mine,
        firms={k: (firms[k].short, firms[k].name) for k in parties - depots},
        people={p.id: (p.name,) for p in known if p.org in parties},
        banks=tuple(dict.fromkeys(w for f in lenders for w in (f.short, f.name))),
        ours=tuple(i for i, s in names.sites.items() if i in sites and depot is not None and s.depot == depot),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One name in a text. said: in its normal writing (tank '3', 'T-112'). ids: what it may mean here, none if nothing."""

    kind: str
    said: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Names in normal form, ready to be looked for. words: (normal name, kind, said, ids), longest first.

    sounds: what the words of places and goods sound like; people's names are too short to be mended.
    """

    words: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    codes: Mapping[str, tuple[str, ...]]
    numbers: Mapping[int, tuple[str, ...]]
    endings: Mapping[int, tuple[str, ...]]
    spelled: Mapping[str, str] = field(repr=False)
    site_of: Mapping[str, str] = field(repr=False)
    sounds: Sounds = field(repr=False)
    banks: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @classmethod
    def of(cls, names: Scope) -> Self:
        """All ways to write the names."""
        words: dict[tuple[str, str], tuple[str, list[str]]] = {}
        for kind, ident, written, said in _written(names):
            words.setdefault((written, kind), (said, []))[1].extend([ident] if ident else [])
        for good in TRADED:
            words.setdefault((good, "good"), (good, []))
        for short, good in SHORT.items():
            words.setdefault((short, "good"), (good, words[good, "good"][1] if (good, "good") in words else []))
        codes: dict[str, list[str]] = {}
        numbers: dict[int, list[str]] = {}
        endings: dict[int, list[str]] = {}
        for tank in names.index.tanks:
            for code in {_compact(normal(n).whole) for n in (tank.id, tank.name, *tank.aliases)}:
                codes.setdefault(code, []).append(tank.id)
            for n in _numbers(tank):
                numbers.setdefault(n, []).append(tank.id)
                if n >= 100:  # the site's people leave out its hundred: 7号罐 is T-107
                    endings.setdefault(n % 100, []).append(tank.id)
        ordered = sorted(words.items(), key=lambda w: -len(w[0][0]))
        return cls(
            words=tuple((w, kind, said, tuple(dict.fromkeys(ids))) for (w, kind), (said, ids) in ordered),
            codes=_frozen(codes),
            numbers=_frozen(numbers),
            endings=_frozen(endings),
            spelled={t.id: t.name for t in names.index.tanks},
            site_of={t.id: t.site_id for t in names.index.tanks},
            sounds=with_names(w for (w, kind), _ in ordered if kind in _SOUNDING),
            banks=names.banks,
            ours=names.ours,
            only=tuple(names.sites) if len(names.sites) == 1 else (),
        )

    def find(self, clause: str) -> tuple[str, tuple[Mention, ...]]:
        """The clause with a sign for each name, and the names in the order of the text."""
        return _Search(self, self.sounds.corrected(clause)).done()

    def tanks(self, number: int) -> tuple[str, ...]:
        """Tanks that people may call by this number."""
        return tuple(dict.fromkeys((*self.numbers.get(number, ()), *self.endings.get(number, ()))))


class _Search:
    """One pass over one clause. Found names are private characters until the end, so that their order is the text's."""

    _FIRST = 0xF0000

    def __init__(self, vocabulary: Vocabulary, clause: str) -> None:
        self._known = vocabulary
        self._found: list[Mention] = []
        self._text = clause

    def done(self) -> tuple[str, tuple[Mention, ...]]:
        """Banks first, then the known words, the longest first, then people, strangers and numbers of tanks."""
        self._text = _BANK.sub(self._bank, self._text)
        if self._known.ours:
            self._text = _OURS.sub(lambda m: self._sign("site", m[0], self._known.ours), self._text)
        if self._known.only:
            self._text = _HERE.sub(lambda m: self._sign("site", m[0], self._known.only), self._text)
        for written, kind, said, ids in self._known.words:
            if written in self._text and not (
                written.isascii() and len(written) < 3 and not _whole(written, self._text)
            ):
                self._text = self._text.replace(written, self._sign(kind, said, ids))
        self._text = _PERSON.sub(lambda m: self._sign("person", m[0], ()), self._text)
        self._text = _STRANGER.sub(self._stranger, self._text)
        self._text = _FROM_TO.sub(self._moved, self._text)
        self._text = _NUMBER.sub(self._numbered, _CODE.sub(self._coded, self._text))
        self._text = _CONTRACT.sub(lambda m: self._sign("stranger", m[0], ()), self._open_list(self._text))
        order = [self._found[ord(c) - self._FIRST] for c in self._text if ord(c) >= self._FIRST]
        masked = "".join(SIGNS[self._at(c).kind] if ord(c) >= self._FIRST else c for c in self._text)
        return masked, tuple(order)

    def _at(self, c: str) -> Mention:
        return self._found[ord(c) - self._FIRST]

    def _sign(self, kind: str, said: str, ids: tuple[str, ...]) -> str:
        self._found.append(Mention(kind=kind, said=said, ids=ids))
        return chr(self._FIRST + len(self._found) - 1)

    def _bank(self, match: re.Match[str]) -> str:
        own = any(b and (b in match[0] or match[0] in b) for b in self._known.banks)
        return self._sign("bank", match[0], ("own",) if own else ())

    def _stranger(self, match: re.Match[str]) -> str:
        return match[0] if match[0] in _COMMON_FIRMS else self._sign("stranger", match[0], ())

    def _coded(self, match: re.Match[str]) -> str:
        known = self._known.codes.get(_compact(match[0]), ())
        if known:
            return self._sign("tank", self._known.spelled[known[0]] if len(known) == 1 else _compact(match[0]), known)
        m = _NO_TANK_OF_OURS.fullmatch(match[0])
        if m is not None and (m[1] or not self._goes_on(match)):
            return self._sign("tank", f"{m[1] or m[3]}-{m[2] or m[4]}".upper(), ())
        return match[0]

    def _goes_on(self, match: re.Match[str]) -> bool:
        """M-100燃料油 is a grade and P-1泵 a pump."""
        after = match.string[match.end() :][:1]
        return after in tuple("泵阀线管栈门车船") or (
            ord(after or " ") >= self._FIRST and self._at(after).kind == "good"
        )

    def _numbered(self, match: re.Match[str]) -> str:
        return self._tank(match["a"] or match["b"])

    def _tank(self, written: str) -> str:
        n = number_of(written)
        return written if n is None else self._sign("tank", str(n), self._known.tanks(n))

    def _moved(self, match: re.Match[str]) -> str:
        between = match[0][match.end("from") - match.start() : match.start("to") - match.start()]
        word = next(c for c in between if c in "倒转导移")
        return self._tank(match["from"]) + word + self._tank(match["to"])

    def _open_list(self, text: str) -> str:
        """3、5和7号罐: the numbers before the last are tanks too."""
        tank = "[" + "".join(c for c in {c for c in text if ord(c) >= self._FIRST and self._at(c).kind == "tank"}) + "]"
        if tank == "[]":
            return text
        before = re.compile(rf"(?<![0-9a-z.#-])(?P<n>{_N})(?=(?:[、,和跟与及]{_N})*[、,和跟与及]{tank})")
        after = re.compile(rf"(?<={tank})(?P<sep>[、,和跟与及])(?P<n>\d{{1,5}})(?![0-9.%吨万个条张天人年月])")
        text = before.sub(lambda m: self._tank(m["n"]), text)
        return after.sub(lambda m: m["sep"] + self._tank(m["n"]), text)


def _whole(written: str, text: str) -> bool:
    return re.search(rf"(?<![0-9a-z]){re.escape(written)}(?![0-9a-z])", text) is not None


def _frozen(found: Mapping[int, list[str]] | Mapping[str, list[str]]) -> dict:  # type: ignore[type-arg]
    return {k: tuple(dict.fromkeys(v)) for k, v in found.items()}


def _written(names: Scope) -> Iterable[tuple[str, str, str, str]]:
    """(kind, id, normal writing, as told) of everything but tanks with numbers."""
    for code, good in names.goods.items():
        for name in (good.name, *good.aliases):
            plain = _plain(name)
            yield from (
                ("good", code, w, w.upper() if w.isascii() else w) for w in {plain, _GRADE.sub("", plain)} if len(w) > 1
            )
    for site in names.sites.values():
        yield "site", site.id, _plain(site.name), site.name
    for prefix, site_id, said in _prefixes({s.id: s.name for s in names.sites.values()}):
        yield "site", site_id, prefix, said
    for contract in names.contracts.values():
        for written in {_plain(contract.name), _plain(contract.id)}:
            yield "contract", contract.id, written, contract.name
    for ident, ways in names.firms.items():
        yield from (("firm", ident, _plain(w), w) for w in ways if len(w) > 1)
    for ident, ways in names.people.items():
        yield from (("person", ident, _plain(w), w) for w in ways if len(w) > 1)
    for name in names.strangers:
        yield "stranger", "", _plain(name), name
    for tank in names.index.tanks:
        for name in (tank.name, *tank.aliases):
            if not any(c.isdigit() for c in name) and len(_plain(name)) > 1:
                yield "tank", tank.id, _plain(name), name


def _plain(name: str) -> str:
    return normal(name).whole


def _prefixes(names: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Beginnings of two and more characters that only one of the names has: 港储 for 港储一库."""
    for ident, name in names.items():
        plain = _plain(name)
        for end in range(2, len(plain)):
            if sum(_plain(other).startswith(plain[:end]) for other in names.values()) == 1:
                yield plain[:end], ident, name


def _compact(written: str) -> str:
    return re.sub(r"[-_ ]|[号#]?罐?$", "", written)


def _numbers(tank: Tank) -> set[int]:
    """The numbers by which a tank may be called: the last digits of its id and names."""
    found = (re.findall(r"\d+", n) for n in (tank.id, tank.name, *tank.aliases))
    return {int(digits[-1]) for digits in found if digits}
