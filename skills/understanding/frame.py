"""Everything that one text says before anybody asks what it means: masked words, names, times, amounts, papers, mood."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from skills.understanding import amounts, names, papers, ranges
from skills.understanding.amounts import Amount
from skills.understanding.names import Mention
from skills.understanding.normal import Text
from skills.understanding.vocabulary import Vocabulary
from skills.understanding.when import When, times_in

_QUESTION = re.compile(
    r"[?]|吗|嘛|么(?!的)|呢|没(?:有)?$|不$|否|多少|几(?!乎)|什么|啥|怎么|咋|哪|谁|多久|多远|多高|多大|有没有|是不是|能不能|可不可以|行不行|对不对|要不要|够不够|在不在|会不会|"
    r"好不好|成不成|得不得|几时|何时|为何|如何|how|what|when|why|who|where|which|is |are |can "
)
_HYPOTHESIS = re.compile(
    r"如果|假如|假设|要是|万一|倘若|假定|若(?!干)|的话|会不会|再(?:跌|降|涨|掉|升)|(?:跌|降|涨|掉)(?:到|至|个?P|P|R|掉P)|what if|if "
)
_DONE = re.compile(r"已经?|好了|完了|了$|了 |过了|完毕|搞定|刚|到位")
_ASKING = re.compile(r"请|麻烦|帮|给我|申请|想要?|需要|要求|让|叫|把|将")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One clause or several. masked: normal words with a capital for each name, time and amount.

    marked: the text asks with a mark. glued: nothing stood between this clause and the one before it.
    """

    plain: str
    masked: str
    mentions: tuple[Mention, ...] = ()
    whens: tuple[When, ...] = ()
    amounts: tuple[Amount, ...] = ()
    papers: tuple[tuple[str, str], ...] = ()
    marked: bool = False
    glued: bool = False

    @property
    def asks(self) -> bool:
        """It reads as a question."""
        return self.marked or _QUESTION.search(self.plain) is not None

    @property
    def supposes(self) -> bool:
        """It asks about what is not so."""
        return _HYPOTHESIS.search(self.masked) is not None

    @property
    def says_done(self) -> bool:
        """It tells of something that is over."""
        return _DONE.search(self.plain) is not None

    def of(self, kind: str) -> tuple[Mention, ...]:
        """The names of one kind."""
        return tuple(m for m in self.mentions if m.kind == kind)

    def amount(self, kind: str) -> tuple[Amount, ...]:
        """The amounts of one kind."""
        return tuple(a for a in self.amounts if a.kind == kind)

    def paper(self, kind: str) -> tuple[str, ...]:
        """The papers of one kind."""
        return tuple(n for k, n in self.papers if k == kind)


def frame_of(clause: str, vocabulary: Vocabulary, now: datetime, *, marked: bool = False) -> Frame:
    """The frame of one normal clause. Papers first, then times and amounts, then names: 3月12号 is no tank."""
    left, numbers = papers.found(clause)
    left, whens = times_in(ranges.written_out(left, vocabulary), now)
    left, mentions = names.found(left, vocabulary)
    left, said = amounts.found(left)
    return Frame(
        plain=clause,
        masked=left,
        mentions=mentions,
        whens=whens,
        amounts=said,
        papers=tuple((k, n) for k, ns in numbers.items() for n in ns),
        marked=marked,
    )


def frames_of(text: Text, vocabulary: Vocabulary, now: datetime) -> Iterator[Frame]:
    """A frame for each clause, and for each part of a clause that may be a question of its own."""
    for clause in text.clauses:
        for n, part in enumerate(_parts(clause)):
            yield replace(frame_of(part, vocabulary, now, marked=text.marked), glued=n > 0)


_JOINT = re.compile(
    r"(?<=多少钱)(?!一)|(?<=多少吨)(?!钱)|(?<=多少)(?=质押|抵押|离|距|还能|货值|一共|总)|(?<=几吨)|(?<=[吗嘛])(?!的)|(?<=在不在)|(?<=没有)(?=[现最离质货还谁])|(?<=了没)|"
    r"(?=然后)|(?=另外)|(?=顺便)|(?=以及)|(?=并且)|(?=对了)|(?=还有(?!多|几|没|货|哪|谁|余|富|空|不|什|啥|一|两|吗|仓|点|好|剩|多))|(?=再(?:说|帮|给|看|查|报|把|问))|(?<=多远)|(?<=[^还现]有多少)(?=[^钱吨个货点度米方条张天车次人])"
)
_SHORTEST = 3


def _parts(clause: str) -> list[str]:
    """Where a text without any mark between its questions may be cut; too short a part belongs to the one before it."""
    parts: list[str] = []
    for part in (p for p in _JOINT.split(clause) if p):
        if parts and (len(part) < _SHORTEST or len(parts[-1]) < _SHORTEST):
            parts[-1] += part
        else:
            parts.append(part)
    return parts or [clause]


def joined(frames: tuple[Frame, ...]) -> Frame:
    """All clauses in one frame."""
    return Frame(
        plain=_line([(f.plain, f.glued) for f in frames]),
        masked=_line([(f.masked, f.glued) for f in frames]),
        mentions=tuple(m for f in frames for m in f.mentions),
        whens=tuple(w for f in frames for w in f.whens),
        amounts=tuple(a for f in frames for a in f.amounts),
        papers=tuple(p for f in frames for p in f.papers),
        marked=any(f.marked for f in frames),
        glued=frames[0].glued,
    )


def _line(parts: Sequence[tuple[str, bool]]) -> str:
    first, *rest = parts
    return first[0] + "".join(text if glued else f" {text}" for text, glued in rest)


def renamed(frame: Frame, masked: str, mention: Mention) -> Frame:
    """The frame with one more name, masked as given."""
    return replace(frame, masked=masked, mentions=(*frame.mentions, mention))
