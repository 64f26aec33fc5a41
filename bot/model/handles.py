"""What leaves the house for an endpoint that is not the lender's own: words without a name, a figure or a number.

Everything hidden gets a handle («罐1», «数2»), and a handle in an argument means again what the asker had written. Times
stay: 昨天 tells nothing of anybody. A name that neither the workspace nor a pattern knows cannot be hidden.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.wording.plain import flat
from datasources.workspace import Workspace

WORDS = {
    "tank": "罐", "good": "品种", "site": "库区", "contract": "项目", "firm": "机构", "person": "人", "chat": "群",
}  # fmt: skip
_TIME = (
    r"\d{4}[-年/]\d{1,2}[-月/]\d{1,2}[日号]?|\d{1,2}月\d{1,2}[日号]?|\d{1,2}日|\d{1,2}:\d{2}"
    r"|\d{1,2}点(?:半|\d{1,2}分?)?|(?:近|过去|最近)\d{1,3}(?:天|小时|周|个月)"
)
_PLATE = r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·. -]?[A-Za-z0-9*]{4,6}"
_FIRM = r"[\u4e00-\u9fff]{2,14}?(?:股份有限公司|有限责任公司|有限公司|集团公司|集团|公司|支行|分行|银行)"
_SURNAME = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹潘葛范彭鲁马方任袁柳唐罗薛伍余顾孟黄萧尹姚邵汪毛米"
    "戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓石崔龚程刘"
)
_PERSON = (
    rf"[老小][{_SURNAME}]|[{_SURNAME}][\u4e00-\u9fff]?(?:总(?!货|值|量|吨|共|额|价|体)|经理|主管|师傅|行长|科长|主任|站长|班长|老板)"
    rf"|[{_SURNAME}]工(?!作|人|程|业|厂|艺|具)"
)
_CODE = r"[A-Za-z]{1,8}[-_ ]?\d[A-Za-z0-9_-]*|[A-Za-z0-9._%+-]+[@＠][A-Za-z0-9.-]+|[@＠]\w+|https?://\S+"
_NUMBER = r"\d[\d,,.*-]*%?"
_PATTERNS = (
    ("time", _TIME), ("plate", _PLATE), ("code", _CODE), ("firm", _FIRM), ("person", _PERSON), ("number", _NUMBER),
)  # fmt: skip
_SHOWN = WORDS | {"plate": "车", "code": "编号", "number": "数"}
_HANDLE = re.compile(r"«([^«»\d]{1,4})(\d{1,3})»")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Every name of a workspace: (name, kind), longest first, in half width."""

    names: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, workspace: Workspace) -> "Known":
        """All of it, every lender's: a name must not leave because another chat knows it."""
        found = {(_half(n), k) for n, k in _named(workspace) if n.strip()}
        return cls(names=tuple(sorted(found, key=lambda x: (-len(x[0]), x))))

    def pattern(self) -> re.Pattern[str]:
        """One pattern for all names and all shapes; a group's name is its kind and place."""
        # A Latin name is one only where no letter goes on: the person 'li' is not in 'limit'.
        shapes = "|".join(f"(?P<{kind}>{shape})" for kind, shape in _PATTERNS)
        return re.compile(f"(?P<name>{self._any_name()})|{shapes}", re.IGNORECASE)

    def without(self, text: str) -> str:
        """Words of ours, such as a tool's description, with a dash for a name that happens to be an example in them."""
        return re.sub(self._any_name(), "–", text, flags=re.IGNORECASE)

    def _any_name(self) -> str:
        return "|".join(_bounded(n) for n, _ in self.names) or r"(?!)"


class Handles:
    """The handles of one question. The same words get the same handle."""

    def __init__(self, known: Known, pattern: re.Pattern[str] | None = None) -> None:
        """pattern: ``known.pattern()``, where it is kept."""
        self._kinds = {name.lower(): kind for name, kind in known.names}
        self._pattern = pattern or known.pattern()
        self._by_words: dict[tuple[str, str], str] = {}
        self._words: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """The text with a handle for every name, number, plate, code. Marks that look like handles are taken out."""
        return self._pattern.sub(self._one, _half(text).replace("«", "").replace("»", ""))

    def show(self, text: str) -> str:
        """What the asker had written for every handle in it; a handle that was never given stays."""
        return _HANDLE.sub(lambda m: self._words.get(m[0], m[0]), text)

    def _one(self, match: re.Match[str]) -> str:
        shape, words = match.lastgroup or "name", match[0]
        if shape == "time":
            return words
        kind = self._kinds.get(words.lower(), "code") if shape == "name" else shape
        sign = _SHOWN[kind]
        key = (sign, words)
        if key not in self._by_words:
            handle = f"«{sign}{1 + sum(s == sign for s, _ in self._by_words)}»"
            self._by_words[key], self._words[handle] = handle, words
        return self._by_words[key]


def _bounded(name: str) -> str:
    written = re.escape(name)
    before = r"(?<![A-Za-z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return before + written + after


def _half(text: str) -> str:
    return flat(unicodedata.normalize("NFKC", text))


def _named(workspace: Workspace) -> Iterable[tuple[str, str]]:
    for tank in workspace.index.tanks:
        yield from ((n, "tank") for n in (tank.id, tank.name, *tank.aliases))
    for good in workspace.goods.values():
        yield from ((n, "good") for n in (good.code, good.name, *good.aliases))
    for site in workspace.sites.values():
        yield from ((n, "site") for n in (site.id, site.name))
    for contract in workspace.contracts.values():
        yield from ((n, "contract") for n in (contract.id, contract.name))
    roster = workspace.roster
    for firm in roster.organisations.values():
        yield from ((n, "firm") for n in (firm.id, firm.name, firm.short))
    for person in roster.people.values():
        yield from ((n, "person") for n in (person.id, person.name))
    for chat in roster.chats.values():
        yield from ((n, "chat") for n in (chat.id, chat.name))
