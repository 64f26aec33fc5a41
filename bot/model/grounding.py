"""Which words of a model's own may be said: those that the skills' results of this very question already say.

Pure. Everything in a sentence must be found: each name; each figure, exactly, with the same words before it and about the same
tank, good or contract; and the words themselves. A sentence without a figure adds nothing, and no judgement is ever added: an
answer says itself whether all is well. It fails closed: a true sentence may be dropped, a false one may not pass.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.model.claims import Claim, Segment, half, segments

LONGEST = 110
"""Characters; a longer text is no remark."""
MOST = 2
LEAST = 3
"""Characters of a piece of words; shorter ones are found anywhere."""
_NOTHING = frozenset(
    "其中 另外 此外 同时 以上 上面 具体 情况 如下 如上 数据 显示 请查看 请关注 请核实 请注意 详见 明细 并且 以及 和 与 及 另 且 也".split()  # noqa: SIM905
)
"""Words that state nothing by themselves."""
_JUDGES = re.compile(
    r"正常|没问题|无问题|没有问题|无异常|没异常|没事|无恙|安全|放心|稳定|可控|良好|达标|合格|充足|足够|够|齐全|在库|都在|还在|仍在|一致|属实|真实|准确|"
    r"最新|实时|新鲜|完好|不变|未变|无变化|平安|踏实|okay|ok|fine|safe|normal",
    re.IGNORECASE,
)
_NEGATES = frozenset("未不无没非勿别莫否")
_SENTENCE = re.compile(r"[^。!?;\n]+[。!?;\n]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that may be repeated: the pieces of every result. pattern and names: see ``claims.segments``."""

    segments: tuple[Segment, ...]
    names: Mapping[str, str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, texts: Iterable[str], names: Mapping[str, str], pattern: re.Pattern[str]) -> "Evidence":
        """The evidence of a question: what its skills said, as people read it."""
        found = tuple(s for text in texts for s in segments(text, names, pattern))
        return cls(segments=found, names=names, pattern=pattern)


def remark(said: str, evidence: Evidence) -> str:
    """Those sentences of ``said`` that the evidence holds, at most ``MOST``; '' for none."""
    kept: list[str] = []
    for sentence in (m[0].strip() for m in _SENTENCE.finditer(half(said))):
        if len(kept) < MOST and sentence and len(sentence) <= LONGEST and holds(sentence, evidence):
            kept.append(sentence)
    text = " ".join(kept)
    return text if len(text) <= LONGEST else ""


def holds(sentence: str, evidence: Evidence) -> bool:
    """Whether every name, figure and word of the sentence stands in the evidence, about the same thing."""
    if _JUDGES.search(sentence):
        return False
    pieces = segments(sentence, evidence.names, evidence.pattern)
    return any(p.claims for p in pieces) and all(_found(p, evidence) for p in pieces)


def _found(piece: Segment, evidence: Evidence) -> bool:
    """Names, figures and words of one piece; the words must be said of the same names."""
    about = [s for s in evidence.segments if s.claims and _same(piece.names, s.names, evidence.names)]
    if not about or not all(_supported(c, evidence) for c in piece.claims):
        return False
    free = [w for w in piece.words if w not in _NOTHING and w not in piece.labels]
    return all(_stands(w, about) for w in free) and all(_stands(w, about, least=1) for w in piece.labels if w)


def _same(said: frozenset[str], known: frozenset[str], kinds: Mapping[str, str]) -> bool:
    """Whether it is about the same: of each kind that is named, the same names, no fewer and no more."""
    named = {kinds.get(n) for n in said}
    return said == {n for n in known if kinds.get(n) in named}


def _supported(claim: Claim, evidence: Evidence) -> bool:
    """The same figure with the same words before it and about the same names; and no other figure in its place."""
    if not claim.label and not claim.names:
        return False
    every = (f for s in evidence.segments for f in s.claims if f.label == claim.label)
    facts = [f for f in every if _same(claim.names, f.names, evidence.names)]
    same = [f for f in facts if f.figure == claim.figure]
    others = [f for f in facts if f.figure.unit == claim.figure.unit and f.figure != claim.figure]
    return bool(same) and not others


def _stands(words: str, about: Iterable[Segment], *, least: int = LEAST) -> bool:
    """The words stand there as they are, and nothing before them turns them round."""
    bare = re.sub(r"\s", "", words)
    if len(bare) < least:
        return False
    for segment in about:
        at = segment.text.find(bare)
        while at >= 0:
            if not _NEGATES & set(segment.text[max(0, at - 2) : at]):
                return True
            at = segment.text.find(bare, at + 1)
    return False
