"""Units in which no answer of ours is given: 货值多少美元, T-107换成桶. Quotes are told in their own."""

import re

from skills.understanding.frame import Frame

_UNIT = "美元|美金|美刀|欧元|港币|港元|日元|桶(?!装|罐)|加仑|磅(?!单|房|重)|usd|bbl|gallons?"
_IN = "换成|换算成?|换算为|换算|折合成?|折算成?|折成|合|按|用|以|是|多少|几|几多"
_ASKED = re.compile(rf"(?<!哪)(?:{_IN})(?:多少|几)?个?(?:{_UNIT})")
_QUOTED = re.compile("单价|报价|行情|价格|什么价|啥价|汇率|外盘|布伦特|普氏|[一每/]桶|[一每/]吨|密度")


def foreign(frame: Frame) -> bool:
    """A figure of ours is wanted in a unit that is not ours."""
    plain = frame.plain.replace(" ", "")
    return _ASKED.search(plain) is not None and _QUOTED.search(plain) is None
