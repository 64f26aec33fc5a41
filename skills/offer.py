"""补3500w保证金能不能不补货: money offered in place of goods, which asks both whether it is enough and whether it may be."""

import re
from decimal import Decimal

from skills.understanding import amounts
from skills.understanding.normal import normal

_OFFER = re.compile(
    r"(?:我们|我司|我)?(?:如果|要是)?(?:先|只)?(?:补|打|交|付|用|追加|存|缴)?R的?(?:保证金|现金|钱|款|还款)(?:到账|进来|进去)?(?:以后|之后|后|了|的话)?"
    r"(?:能不能|可不可以|是不是|可以|能|就)(?:就|可以)?(?:先|用来)?(?:不补货|不用补货|代替补货|替代补货|抵补货|抵掉补货)(?:了)?(?:吗|么|不)?"
)


def offered_cny(text: str) -> Decimal | None:
    """The sum of a text that asks this and nothing else, in CNY; None for every other text."""
    clauses = normal(text).clauses
    if len(clauses) != 1:
        return None
    left, said = amounts.found(clauses[0])
    sums = [a.value for a in said if a.kind == "money"]
    return sums[0] if len(said) == len(sums) == 1 and _OFFER.fullmatch(left.replace(" ", "")) else None
