"""Everything the bot says to people, from finished facts and the templates in ``bot/messages``. Writes no sentence.

Texts from files and people are made plain on the way in; mentions exist only where ``domain.notice`` owes them.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jinja2 import TemplateError

from bot.tokens import case_token, decision_token, offer_token, request_token, token
from bot.wording.acts import ACTS
from bot.wording.case_telling import case_telling
from bot.wording.environment import Names, environment, label, tidy
from bot.wording.mentions import Mentions
from bot.wording.picturing import chart_of
from bot.wording.plain import harmless, named
from bot.wording.proposing import proposal_card
from bot.wording.telling import TELLINGS, telling, title_of
from domain.alarm import Alarm
from domain.case.rights import CaseAct
from domain.contract import Contract, Field
from domain.message import Button, OutMessage
from domain.notice import Notice
from domain.people import Roster
from domain.proposal import Proposal, Standing
from reports.charts.chart import Chart
from skills.skill import AlarmPress, Answer, AnswerButton, PictureRequest

log = logging.getLogger(__name__)

__all__ = ["ACTS", "LONGEST", "Names", "Words"]

LONGEST = 900
"""Characters of an alarm's message (docs/pledge.md); a longer one is told again in brief."""


class Words:
    """Renders notices, answers and lines in one language. Templates are compiled once, in memory: see ``warm``."""

    def __init__(self, names: Names, language: str = "zh") -> None:
        """names: how people call things; asked anew for every message."""
        self._env = environment(names, language)
        self._person = named(names.person)
        self._lines: Mapping[str, Any] = vars(self._env.get_template("lines.j2").module)

    def warm(self) -> None:
        """Compile every template now, so that the first alarm need not; safe beside rendering in another thread."""
        for name in self._env.list_templates(extensions=["j2"]):
            self._env.get_template(name)

    def notice(self, notice: Notice, alarm: Alarm, contract: Contract, roster: Roster, *, now: datetime) -> OutMessage:
        """An alarm's message for one chat, with exactly the mentions and buttons that the notice owes."""
        name = f"alarm_{alarm.kind}" if notice.template in TELLINGS else f"alarm_{notice.template}"
        try:
            context = harmless(telling(notice, alarm, contract, roster, now))
            message = self._rendered(name, context, notice, brief=False)
            if len(message.text) > LONGEST:
                message = self._rendered(name, context, notice, brief=True)
        except (TemplateError, LookupError) as e:
            log.critical("words.failed template=%s alarm=%s why=%r", name, alarm.id, e)
            return self._bare(notice, alarm)
        return message

    def _bare(self, notice: Notice, alarm: Alarm) -> OutMessage:
        """Without its figures, but never without its people: an alert is not lost to a fault in a template."""
        mentions = Mentions(notice.mentions, self._person)
        people = " ".join(mentions.at(p) for p in notice.mentions)
        severity = self.label("severities", alarm.severity.value)
        text = f"{self.line('bare', alarm=alarm.id, severity=severity)}\n{people}"
        return OutMessage(spans=mentions.spans(tidy(text)), buttons=self._buttons(notice))

    def _buttons(self, notice: Notice) -> tuple[Button, ...]:
        return tuple(
            Button(label=label(self._env, "buttons", b), token=token(notice.body["alarm"], notice.revision, b))
            for b in notice.buttons
        )

    def _rendered(self, name: str, context: dict[str, Any], notice: Notice, *, brief: bool) -> OutMessage:
        mentions = Mentions(notice.mentions, self._person)
        template = self._env.get_template(f"{name}.j2")
        text = template.render(context, at=mentions.at, left=mentions.left, most=1 if brief else 3, brief=brief)
        return OutMessage(spans=mentions.spans(tidy(text)), buttons=self._buttons(notice))

    def case(self, notice: Notice, roster: Roster, *, now: datetime) -> OutMessage:
        """A case's card or reply for one chat, with the mentions and buttons that the notice owes."""
        mentions, case = Mentions(notice.mentions, self._person), notice.body["case"]
        try:
            context = harmless(case_telling(notice, roster, now))
            template = self._env.get_template(f"{notice.template}.j2")
            spans = mentions.spans(tidy(template.render(context, at=mentions.at, left=mentions.left)))
        except (TemplateError, LookupError) as e:  # a step is not lost to a fault in its template, nor are its people
            log.critical("words.failed template=%s case=%s why=%r", notice.template, case, e)
            mentions = Mentions(notice.mentions, self._person)
            people = " ".join(mentions.at(p) for p in notice.mentions)
            spans = mentions.spans(tidy(f"{self.line('bare_case', case=case)}\n{people}"))
        tokens = ((b, case_token(case, notice.revision, CaseAct(b))) for b in notice.buttons)
        buttons = tuple(Button(label=label(self._env, "case_buttons", b), token=t) for b, t in tokens)
        return OutMessage(spans=spans, buttons=buttons)

    def request_buttons(self, request: str) -> tuple[Button, ...]:
        """File it, or drop it. request: the short id under which the proposal is kept."""
        return tuple(
            Button(label=label(self._env, "case_buttons", name), token=request_token(request, file=name == "file"))
            for name in ("file", "drop")
        )

    def act_buttons(self, ident: str) -> tuple[Button, ...]:
        """Do it, or drop it; ident: the short id under which the proposal is kept."""
        return tuple(
            Button(label=label(self._env, "act_buttons", name), token=request_token(ident, file=name == "do"))
            for name in ("do", "drop")
        )

    def told(self, deed: str, facts: Mapping[str, Any], people: Sequence[str] = ()) -> OutMessage:
        """What somebody has said by a press, for those who are told of it; ``people`` are notified."""
        mentions = Mentions(people, self._person)
        template = self._env.get_template(f"told_{deed}.j2")
        text = template.render(f=harmless(facts), at=mentions.at, people=list(people))
        return OutMessage(spans=mentions.spans(tidy(text)))

    def answer(self, answer: Answer) -> OutMessage:
        """A skill's answer; offers that do not fit into a button are left out."""
        template = self._env.get_template(f"answer_{answer.kind}.j2")
        text = tidy(template.render(f=harmless(answer.facts), status=answer.status.value))
        offered = [(b, offer_token(b.skill, b.arguments)) for b in answer.buttons]
        press = answer.press
        mine = tuple(self._pressed(press, name) for name in press.actions) if press is not None else ()
        offers = tuple(self._offer(b, token_) for b, token_ in offered if token_)
        return OutMessage(spans=(text,), buttons=(*mine, *offers))

    def _pressed(self, press: AlarmPress, name: str) -> Button:
        return Button(label=label(self._env, "buttons", name), token=token(press.alarm_id, press.told, name))

    def picture(self, request: PictureRequest) -> Chart:
        """What a picture shows, in finished words. Raises KeyError for an id that nobody knows, ValueError."""
        return chart_of(request, self)

    def name(self, kind: str, id_: str) -> str:
        """How a 'tank', 'good', 'site' or 'contract' is called. Raises KeyError for an unknown id."""
        return str(self._env.filters[kind](id_))

    def _offer(self, button: AnswerButton, token_: str) -> Button:
        return Button(label=label(self._env, "offers", button.label), token=token_)

    def proposal(self, proposal: Proposal, now: datetime, *, others: Sequence[str] = ()) -> OutMessage:
        """A proposal's card; while it is open with its buttons, and with an @ for ``others``, who could confirm it."""
        standing = proposal.standing(now)
        mentions = Mentions(others, self._person)
        context = harmless(proposal_card(proposal, now))
        text = self._env.get_template("proposal.j2").render(context, at=mentions.at, others=list(others))
        buttons = ("confirm", "withdraw") if standing is Standing.OPEN else ()
        return OutMessage(
            spans=mentions.spans(tidy(text)),
            buttons=tuple(
                Button(label=label(self._env, "decisions", b), token=decision_token(proposal.id, b)) for b in buttons
            ),
        )

    def line(self, key: str, **values: object) -> str:
        """A one-liner of ``lines.j2`` with its values. Raises KeyError for an unknown key."""
        return tidy(str(self._lines[key](**harmless(values))))

    def title(self, alarm: Alarm, seen: frozenset[Field]) -> str:
        """What an alarm is about in a few words, with no figure outside ``seen``; for lists."""
        return tidy(self._env.get_template("title.j2").render(harmless(title_of(alarm, seen))))

    def label(self, table: str, key: object) -> str:
        """A single word of ``labels.j2``, for example of "roles" for "borrower". Raises KeyError."""
        return label(self._env, table, key)
