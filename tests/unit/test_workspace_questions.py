"""[questions] of xiaoliuzi.toml: sensible without a word, bounded, and a security contact who exists."""

from datasources.workspace.settings import QuestionSettings
from tests.fakes.mistakes import Mistake, assert_told_alone, cases, change, copy_of_sound, found

TOML = "xiaoliuzi.toml"
PLACE = "[telegram]\nenabled = true"


def test_without_a_word_there_are_limits_and_no_contact(tmp_path):
    assert found(copy_of_sound(tmp_path)).workspace.settings.questions == QuestionSettings()


def test_what_is_written_counts(tmp_path):
    workspace = copy_of_sound(tmp_path)
    person = next(iter(found(workspace).workspace.roster.people))
    written = f'[questions]\nper_person_per_hour = 5\nper_chat_per_hour = 50\nsecurity_contact = "{person}"\n\n'
    change(workspace, TOML, PLACE, written + PLACE)
    settings = found(workspace).workspace.settings.questions
    assert settings == QuestionSettings(per_person=5, per_chat=50, security_contact=person)


@cases(
    Mistake(
        name="nobody",
        file=TOML,
        old=PLACE,
        new='[questions]\nsecurity_contact = "nobody"\n\n' + PLACE,
        at='security_contact = "nobody"',
        wrong="questions.security_contact: 'nobody' is not in people.yaml",
        instead="write the id of a person of people.yaml",
    ),
    Mistake(
        name="no questions at all",
        file=TOML,
        old=PLACE,
        new="[questions]\nper_person_per_hour = 0\n\n" + PLACE,
        at="per_person_per_hour = 0",
        wrong="questions.per_person_per_hour: 0 is out of range",
        instead="write a whole number from 1 to 100000",
    ),
)
def test_a_mistake_is_told_with_its_place_and_remedy(tmp_path, mistake):
    assert_told_alone(mistake, tmp_path)
