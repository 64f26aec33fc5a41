"""What a skill is: one declaration from which the slash command, help, plain-Chinese route, tool and API come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from domain.case.case import CaseKind, CaseLine
from domain.deed.deed import Wanted
from domain.event import Json
from domain.people import Role
from skills.ports import View


class Status(StrEnum):
    """How a question ended. NOT_PERMITTED is never the same as NO_DATA."""

    OK = "ok"
    STALE = "stale"  # answered, but not everything is of now
    NO_DATA = "no_data"
    NOT_PERMITTED = "not_permitted"
    CLARIFY = "clarify"
    REFUSED = "refused"  # what the bot never does, whoever asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of an answer, for machines: value as a decimal string, unit, and the time it is of (ISO, UTC)."""

    name: str
    value: str
    unit: str
    as_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerButton:
    """An offer to go on: another skill with its arguments. The label is a key of the words."""

    label: str
    skill: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person would file as a case. A skill only proposes it: it is filed when somebody who may has pressed."""

    contract_id: str
    kind: CaseKind
    out: tuple[CaseLine, ...] = ()
    into: tuple[CaseLine, ...] = ()
    cash_cny: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmPress:
    """The alarm's own buttons under an answer. told: the telling that they answer (``Alarm.told``)."""

    alarm_id: str
    told: int
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRequest:
    """A picture that would go with the answer: ``kind`` 'course' or 'bars', ``facts`` what it shows, ids and decimals.

    Whoever reads the answer may see every figure in it. It is drawn after the answer has gone out, or not at all.
    """

    kind: str
    facts: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer without words: ``kind`` names the template, ``facts`` its values; ``bot.words`` renders it.

    request: what the answer proposes, to be filed by a press; act: the same for what is no case. press: buttons of
    an alarm.
    """

    status: Status
    kind: str
    facts: Json
    figures: tuple[Figure, ...] = ()
    buttons: tuple[AnswerButton, ...] = ()
    request: Request | None = None
    act: Wanted | None = None
    press: AlarmPress | None = None
    picture: PictureRequest | None = None

    @property
    def proposes(self) -> bool:
        """Somebody may press."""
        return self.request is not None or self.act is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One typed argument of a skill: 'tank', 'good', 'site' or 'contract' ids, 'line', 'time', 'choice', or 'text'.

    Several ids of one kind are written with commas. choices: for 'choice', each value and the words that mean it; many:
    several of them at once; of tanks all that a name may mean, where the skill knows which are left. ahead: a time that may lie in the future, and is not cut off at the present. plain: an amount
    by itself, whichever way the goods or the money would go. narrows: without it everything is told, each with its own
    name, so that a name in another question of the same text may be left out here.
    """

    name: str
    kind: str
    required: bool = False
    about: str = ""
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    many: bool = False
    ahead: bool = False
    plain: bool = False
    narrows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """A skill's whole declaration.

    name: unique among skills. command: ASCII slash command. purpose and examples are what people read and type
    (Chinese). roles: who may use it. run: pure, ``(view, arguments) -> Answer``. aliases: Chinese slash words. reads:
    for a skill with a form of words of its own, the arguments of a whole text in it, None for any other. answers:
    intents, as evaluations name them, that it answers where it has a place for what is named (default: its name), the
    first of them for its command. suits: of those, only with such slots. brings: by intent, the arguments that it
    means by itself.
    """

    name: str
    command: str
    purpose: str
    examples: tuple[str, ...]
    roles: frozenset[Role]
    run: Callable[[View, Mapping[str, str]], Answer]
    parameters: tuple[Parameter, ...] = ()
    aliases: tuple[str, ...] = ()
    reads: Callable[[str], Mapping[str, str] | None] | None = None
    answers: tuple[str, ...] = ()
    suits: Callable[[str, Json], bool] | None = None
    brings: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)

    @property
    def intents(self) -> tuple[str, ...]:
        """What is meant by those whom this skill answers, as the evaluation file names it."""
        return self.answers or (self.name,)
