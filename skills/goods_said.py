"""400吨可乐: what stands where a good would, and is none that is known here."""

import re
from datetime import datetime

from skills.ahead import terms_in
from skills.understanding import amounts, papers
from skills.understanding.normal import normal
from skills.understanding.when import times_in

_ENDS = r"(?=$|[ A-Z]|[到入进过来补送运卸给至和及并在的了吧])"
_NO_GOOD = (
    r"(?!到|入|进|货|过|来|左右|以上|以内|上下|吧|给|呢|啊|了|卸|补|送|运|的|并|和|或|及|再|还|以|请|先|我|在|作|用|应|没|不|可以|可能|质押|库|够|足|"
    r"是|为|至|由|就|前|后|之|怎|大概|大约|约|含|另|同|等|油品|产品|物料|原料|化工|保证|一定|确保|没问题|充|上|齐|差|缺|仓|共|总|多|少|最|整|全|放)"
)
_AFTER = re.compile(rf"M{_NO_GOOD}(?P<good>[\u4e00-\u9fff]{{2,6}}?){_ENDS}")
_BEFORE = re.compile(rf"补{_NO_GOOD}(?P<good>[\u4e00-\u9fff]{{2,4}})M")


def unknown_good(text: str, now: datetime) -> str:
    """The word beside a mass that may be a good's, for a text in which no known good is named; '' without one."""
    for clause in normal(text).clauses:
        left, _ = terms_in(papers.found(clause)[0], now)
        left, _ = amounts.found(times_in(left, now)[0])
        found = _AFTER.search(left) or _BEFORE.search(left)
        if found is not None:
            return found["good"]
    return ""
