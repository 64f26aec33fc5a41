"""The house's stage with model paths to a scripted endpoint: ask as a person in a chat, see what is said and what left."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bot.model.asked import Asked, Told, near_to
from bot.model.binding import WordsBinder
from bot.model.path import ModelPath
from bot.view import ChatView
from datasources.workspace.settings import ModelSettings
from skills.registry import SKILLS
from skills.skill import Answer, Skill, Status
from skills.understanding.scope import Scope, within
from skills.understanding.understand import understand, vocabulary_of
from tests.fakes.house_stage import HouseStage
from tests.fakes.model_endpoint import ModelEndpoint, Reply, Script, call

NAMES = {s.command: s.name for s in SKILLS}
"""A skill's name by its slash command, under which scripts and cases know it."""


def use(*commands: str | tuple[str, Mapping[str, Any] | str], text: str = "") -> Reply:
    """Tool calls by slash command; an unknown one goes out as it is."""
    named = [(c, {}) if isinstance(c, str) else c for c in commands]
    return call(*((NAMES.get(c, c), a) for c, a in named), text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came of a question. sent: the JSON bodies that the endpoint got; bytes: everything it got."""

    told: Told
    text: str
    sent: list[dict[str, Any]]
    bytes: bytes
    ran: list[tuple[Skill, Mapping[str, str]]]

    @property
    def body(self) -> dict[str, Any]:
        """Of the event."""
        assert self.told.event is not None
        return self.told.event.body

    @property
    def skills(self) -> list[str]:
        """The slash commands of what was run."""
        return [s.command for s, _ in self.ran]

    @property
    def prompt(self) -> str:
        """All messages of the last request, as one text."""
        return json.dumps(self.sent[-1]["messages"], ensure_ascii=False) if self.sent else ""


class ModelStage:
    """Asks over a house, with one endpoint; a path for each choice of settings is kept until ``fall``."""

    def __init__(self, house: HouseStage, endpoint: ModelEndpoint) -> None:
        """Use ``rise``."""
        self.house = house
        self.endpoint = endpoint
        self._heard: dict[tuple[str, int], frozenset[str]] = {}
        self._scopes: dict[tuple[str, ...], Scope] = {}
        self._paths: dict[tuple[tuple[str, Any], ...], ModelPath] = {}

    @classmethod
    async def rise(cls, house: HouseStage) -> Self:
        """Listening."""
        endpoint = ModelEndpoint()
        await endpoint.__aenter__()
        return cls(house, endpoint)

    async def fall(self) -> None:
        """Everything closed, the house too."""
        for path in self._paths.values():
            await path.close()
        await self.endpoint.__aexit__(None, None, None)
        self.house.fall()

    async def kept(self, **settings: Any) -> ModelPath:
        """The path with these settings, ready."""
        key = tuple(sorted(settings.items()))
        if key not in self._paths:
            self._paths[key] = self.path(self.endpoint.url, **settings)
            assert await self._paths[key].warm()
        return self._paths[key]

    def view(self, person: str, chat: str) -> ChatView:
        """What the person may see there."""
        roster = self.house.house.workspace.roster
        return ChatView(self.house.house, roster.people[person], roster.chats[chat], self.house.clock.now())

    def asked(
        self,
        question: str,
        *,
        person: str = "wang",
        chat: str = "a_bank",
        replied: str | None = None,
        addressed: bool = True,
        ran: list[tuple[Skill, Mapping[str, str]]] | None = None,
    ) -> Asked:
        """The question as ``bot.answering`` would hand it on."""
        workspace, now, view = self.house.house.workspace, self.house.clock.now(), self.view(person, chat)

        async def run(skill: Skill, arguments: Mapping[str, str]) -> Answer:
            if ran is not None:
                ran.append((skill, arguments))
            if view.denied:
                return Answer(status=Status.NOT_PERMITTED, kind="not_permitted", facts={"skill": False})
            return await asyncio.to_thread(skill.run, view, arguments)

        return Asked(
            question=question,
            replied=replied,
            person=workspace.roster.people[person],
            chat=workspace.roster.chats[chat],
            now=now,
            addressed=addressed,
            run=run,
            binder=WordsBinder(vocabulary_of(self._scope(view)), now),
            near=self._near(question, view),
        )

    def _near(self, question: str, view: ChatView) -> frozenset[str]:
        """What the words alone come near to; kept, because the bot has heard them by then in any case."""
        scope = self._scope(view)
        key = (question, id(scope))
        if key not in self._heard:
            self._heard[key] = near_to(understand(question, SKILLS, scope, view.now, addressed=True))
        return self._heard[key]

    def _scope(self, view: ChatView) -> Scope:
        """What may be named here, kept as the bot keeps it."""
        contracts = view.contracts()
        key = tuple(c.id for c in contracts)
        if key not in self._scopes:
            self._scopes[key] = within(self.house.house.workspace, contracts)
        return self._scopes[key]

    def path(self, url: str, **settings: Any) -> ModelPath:
        """A path to this endpoint. The key's variable is one that is always set."""
        chosen = ModelSettings(**{"base_url": url, "name": "m-1", "key_variable": "PATH", "internal": True, **settings})
        return ModelPath(chosen, self.house.house.workspace, self.house.app.words, SKILLS)

    async def ask(
        self,
        question: str,
        *script: Reply | Script,
        person: str = "wang",
        chat: str = "a_bank",
        replied: str | None = None,
        addressed: bool = True,
        **settings: Any,
    ) -> Heard:
        """Ask once, with this script at the endpoint."""
        ran: list[tuple[Skill, Mapping[str, str]]] = []
        self.endpoint.plays(*script)
        path = await self.kept(**settings)
        told = await path.answer(
            self.asked(question, person=person, chat=chat, replied=replied, addressed=addressed, ran=ran)
        )
        text = "\n".join(self.house.app.words.answer(a).text for a in told.answers)
        return Heard(told=told, text=text, sent=self.endpoint.asked, bytes=self.endpoint.bytes, ran=ran)
