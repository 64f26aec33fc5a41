"""``people.yaml``: organisations, people and chats, and what must hold between them alone."""

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from datasources.workspace.number import whole
from datasources.workspace.part import Part, Sheet
from datasources.workspace.problem import suggestion
from datasources.workspace.word import Id, Label, Text, names_of, one_of
from domain.people import Audience, Chat, Organisation, Person, Role, Roster

TELEGRAM_MAX = 2**52  # identifiers have at most 52 significant bits (Bot API, type Chat)


class OrganisationPart(Part):
    """One organisation."""

    id: Id = Field(description="a short id, e.g. bank_a")
    name: Text = Field(description="its full name, e.g. 甲银行青岛分行")
    short: Text = Field(description="how the group calls it, e.g. 甲银行")


class PersonPart(Part):
    """One person."""

    id: Id = Field(description="a short id, e.g. zhao")
    name: Text = Field(description="the name in chat, e.g. 赵总")
    org: Id = Field(description="the id of an organisation above")
    role: Annotated[Role, one_of(names_of(Role))] = Field(description=f"one of {', '.join(Role)}")
    telegram_id: Annotated[int, whole(low=1, high=TELEGRAM_MAX)] | None = None
    deputy: Id | None = None


class ChatPart(Part):
    """One chat."""

    id: Id = Field(description="a short id, e.g. pool_group")
    name: Text = Field(description="the chat's title, e.g. 恒运池项目群")
    audience: Annotated[Audience, one_of(names_of(Audience))] = Field(description=f"one of {', '.join(Audience)}")
    contracts: tuple[Label, ...] = ()
    members: tuple[Id, ...] = Field(description="the ids of everybody who reads along")
    telegram_chat_id: Annotated[int, whole(low=-TELEGRAM_MAX, high=TELEGRAM_MAX)] | None = None


class PeopleFile(Part):
    """The whole file."""

    NEEDED: ClassVar[Mapping[str, str]] = {
        "organisations": "the lender, borrower, depots and supervisor",
        "people": "everybody who is told or may ask",
        "chats": "at least the lender's own chat (audience: bank)",
    }
    organisations: tuple[OrganisationPart, ...] = ()
    people: tuple[PersonPart, ...] = ()
    chats: tuple[ChatPart, ...] = ()


def check_people(sheet: Sheet[PeopleFile], *, orgs: set[str], people: set[str], telegram: bool) -> None:
    """Ids used twice, unknown organisations and members, deputies, Telegram ids. ``orgs``, ``people``: names declared."""
    file = sheet.part
    for kind, parts in (("organisation", file.organisations), ("person", file.people), ("chat", file.chats)):
        _once(sheet, parts, "id", kind)
    _once(sheet, (p for p in file.people if p.telegram_id is not None), "telegram_id", "Telegram user")
    _once(sheet, (c for c in file.chats if c.telegram_chat_id is not None), "telegram_chat_id", "Telegram chat")
    for person in file.people:
        if person.org not in orgs:
            remedy = suggestion(person.org, orgs, add="add it under organisations")
            sheet.error(person, "org", wrong=f"organisation {person.org!r} is unknown", instead=remedy)
        _check_deputy(sheet, person, people)
    by_id = {p.id: p for p in file.people}
    for chat in file.chats:
        _check_members(sheet, chat, people)
        _check_address(sheet, chat, by_id, telegram=telegram)
    if telegram:
        _check_reachable(sheet)


def _once(sheet: Sheet[PeopleFile], parts: Iterable[Part], key: str, kind: str) -> None:
    first: dict[object, int] = {}
    for part in parts:
        value = getattr(part, key)
        line = part.node.key_lines.get(key, part.node.line)
        if value in first:
            wrong = f"{kind} {value!r} is there already, in line {first[value]}"
            sheet.error(part, key, wrong=wrong, instead="write another one, or delete one of the two")
        first.setdefault(value, line)


def _check_deputy(sheet: Sheet[PeopleFile], person: PersonPart, people: set[str]) -> None:
    if person.deputy is None:
        return
    others = {p.id: p for p in sheet.part.people}
    if person.deputy not in people:
        remedy = suggestion(person.deputy, people, add="add that person, or delete the deputy")
        sheet.error(person, "deputy", wrong=f"person {person.deputy!r} is unknown", instead=remedy)
    elif person.deputy == person.id:
        sheet.error(person, "deputy", wrong="is the person's own id", instead="name a colleague, or delete the line")
    elif person.deputy in others and others[person.deputy].org != person.org:
        wrong = f"{person.deputy!r} belongs to {others[person.deputy].org!r}, not to {person.org!r}"
        sheet.error(person, "deputy", wrong=wrong, instead="name somebody of the same organisation")


def _check_members(sheet: Sheet[PeopleFile], chat: ChatPart, people: set[str]) -> None:
    for i, member in enumerate(chat.members):
        if member not in people:
            remedy = suggestion(member, people, add="add that person under people")
            sheet.error(chat, "members", i, wrong=f"person {member!r} is unknown", instead=remedy)
        elif member in chat.members[:i]:
            sheet.error(chat, "members", i, wrong=f"{member!r} is there twice", instead="delete one of the two")
    if chat.audience is Audience.PRIVATE and len(set(chat.members)) != 1:
        wrong = f"a private chat has one member, not {len(set(chat.members))}"
        sheet.error(chat, "members", wrong=wrong, instead="name one person, or choose audience project or bank")
    if chat.audience is Audience.OPERATORS and chat.contracts:
        wrong = "an operators' chat sees no contract"
        sheet.error(chat, "contracts", wrong=wrong, instead="write contracts: []")
    if not chat.members:
        sheet.error(chat, "members", wrong="nobody reads along", instead="name at least one person")


def _check_address(sheet: Sheet[PeopleFile], chat: ChatPart, people: dict[str, PersonPart], *, telegram: bool) -> None:
    address = chat.telegram_chat_id
    if address is None:
        if telegram:
            wrong = "has no telegram_chat_id although Telegram is enabled"
            sheet.warn(chat, "telegram_chat_id", wrong=wrong, instead="write the chat's id; until then it is web only")
        return
    if chat.audience is not Audience.PRIVATE:
        if address > 0:
            wrong = f"{address} is a person's id: a Telegram group has a negative one"
            sheet.error(chat, "telegram_chat_id", wrong=wrong, instead="write the group's id, e.g. -1001234567890")
        return
    owner = people.get(chat.members[0]) if chat.members else None
    if owner is not None and owner.telegram_id != address:
        wrong = f"{address} is not the telegram_id of {owner.id!r}: somebody else would read this private chat"
        sheet.error(chat, "telegram_chat_id", wrong=wrong, instead="write the same number as the person's telegram_id")


def _check_reachable(sheet: Sheet[PeopleFile]) -> None:
    meeting = {m for chat in sheet.part.chats for m in chat.members}
    for person in sheet.part.people:
        if person.id in meeting and person.telegram_id is None:
            wrong = "has no telegram_id although Telegram is enabled: cannot be @-mentioned or recognised there"
            sheet.warn(
                person,
                "telegram_id",
                wrong=wrong,
                instead="write the number of the Telegram account (its user id, not its @name)",
            )


def build_roster(sheet: Sheet[PeopleFile]) -> Roster:
    """Everybody and every chat, in file order."""
    file = sheet.part
    return Roster(
        organisations={o.id: Organisation(id=o.id, name=o.name, short=o.short) for o in file.organisations},
        people={
            p.id: Person(id=p.id, name=p.name, org=p.org, role=p.role, telegram_id=p.telegram_id, deputy=p.deputy)
            for p in file.people
        },
        chats={
            c.id: Chat(
                id=c.id,
                name=c.name,
                audience=c.audience,
                contracts=tuple(c.contracts),
                members=tuple(c.members),
                telegram_chat_id=c.telegram_chat_id,
            )
            for c in file.chats
        },
    )
