"""除了甲醇, 不含民储库, V209以外: a part is asked for by what it is without. Nobody may be told the named part instead."""

import re

from skills.understanding.frame import Frame

_NAMED = r"[TGSC](?:(?:的|类|罐|[、和跟与及, ])*[TGSC])*"
_BEFORE = rf"(?:不算|不含|不包[括含]|不计|除(?:[了去掉开非]|$)?|[去扣刨剔撇][掉除去开]|抛开|排除|非)(?:在内的?|那个|这个)?{_NAMED}"
_AFTER = rf"{_NAMED}(?:的|那个?|这个?|罐|池|类|全|都|给|先)*(?:以外|之外|除外|外(?=的|其|还|剩|一共|总)|不[算计](?:在内|进去|入)?|[刨剔扣去撇][掉除去开](?!多少|几|了多|M|了M))"
_EXCEPTED = re.compile(f"{_BEFORE}|{_AFTER}")


def excepts(frame: Frame) -> bool:
    """The clause asks for something without what it names."""
    return _EXCEPTED.search(frame.masked) is not None
