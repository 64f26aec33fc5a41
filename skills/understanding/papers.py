"""Numbers of papers and of our own records as people type them: CD-0087, AL-20260312-07, a plate, a phone number."""

import re

_ALARM = re.compile(r"(?<![0-9a-z])al[-_ ]?\d{8}[-_ ]?\d{1,4}(?![0-9a-z])")
_CASE = re.compile(r"(?<![0-9a-z])(?:rc|sw|tu)[-_ ]?\d{8}[-_ ]?\d{1,4}(?![0-9a-z])")
_TASK = re.compile(r"(?<![0-9a-z])tk[-_ ]?\d{4,8}[-_ ]?\d{1,4}(?![0-9a-z])")
_NOTICE = re.compile(r"(?:提货|放货|出库)通知(?:书|单)?(?:号|编号)? ?(?P<no>[0-9a-z][0-9a-z/_-]{2,30})")
_RECEIPT = re.compile(
    r"(?<![0-9a-z])(?:cd|cr|wr|wh|ck)[-_ ]?(?=[0-9a-z-]*\d)[0-9a-z]{1,12}(?:-[0-9a-z]{1,12})*(?![0-9a-z])"
    r"|(?:仓单|提单|单号|单据)(?:号|编号)? ?(?P<no>(?=[0-9a-z/_-]*\d)[0-9a-z][0-9a-z/_-]{1,30})"
    r"|(?P<short>\d{3,6})(?:号)?(?=(?:那张|这张|号)?(?:仓单|单子))"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·. -]?[0-9a-z]{4,6}(?![0-9a-z])"
)
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")

_KINDS = (("phone", "L", _PHONE), ("alarm", "A", _ALARM), ("case", "K", _CASE), ("task", "K", _TASK))
_REST = (("notice", "N", _NOTICE), ("receipt", "N", _RECEIPT), ("plate", "V", _PLATE))


def found(clause: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The clause with a sign for each number, and the numbers in upper case by kind."""
    ids: dict[str, list[str]] = {}
    for kind, sign, pattern in (*_KINDS, *_REST):

        def one(match: re.Match[str], kind: str = kind, sign: str = sign) -> str:
            groups = match.groupdict()
            number = groups.get("no") or groups.get("short") or match[0]
            ids.setdefault(kind, []).append(number.upper().replace(" ", "").replace("_", "-"))
            before = match[0][: match[0].find(number)] if number != match[0] else ""
            return before + sign

        clause = pattern.sub(one, clause)
    return clause, {kind: tuple(dict.fromkeys(v)) for kind, v in ids.items()}
