"""``[questions]`` of ``xiaoliuzi.toml``: how much one person and one chat may ask, and who looks after who reads along."""

from typing import Annotated, Any

from datasources.workspace.number import whole
from datasources.workspace.part import Part, Sheet
from datasources.workspace.settings import QuestionSettings
from datasources.workspace.word import Id

MOST = 100_000
USUAL = QuestionSettings()


class QuestionsPart(Part):
    """[questions]."""

    per_person_per_hour: Annotated[int, whole(low=1, high=MOST)] = USUAL.per_person
    per_chat_per_hour: Annotated[int, whole(low=1, high=MOST)] = USUAL.per_chat
    security_contact: Id | None = None


def check_questions(sheet: Sheet[Any], part: QuestionsPart, people: frozenset[str]) -> None:
    """The contact is somebody of people.yaml."""
    if part.security_contact is not None and part.security_contact not in people:
        wrong = f"{part.security_contact!r} is not in people.yaml"
        sheet.error(part, "security_contact", wrong=wrong, instead="write the id of a person of people.yaml")


def build_questions(part: QuestionsPart | None) -> QuestionSettings:
    """The settings with every default filled in."""
    if part is None:
        return QuestionSettings()
    return QuestionSettings(
        per_person=part.per_person_per_hour, per_chat=part.per_chat_per_hour, security_contact=part.security_contact
    )
