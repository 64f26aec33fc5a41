"""What a machine may write for a skill: typed, names or ids, every mistake with its place and what to write instead."""

import json
from types import SimpleNamespace

import pytest

from bot.api.arguments import Known, arguments, checked
from bot.api.parameters import SHAPES
from bot.api.problem import Problem
from skills.registry import SKILLS
from skills.skill import Parameter, Skill

KNOWN = Known(
    ids={
        "tank": {"t-1": frozenset({"T-1"}), "一号罐": frozenset({"T-1", "S-1"}), "s-1": frozenset({"S-1"})},
        "good": {"甲醇": frozenset({"METHANOL"})},
        "contract": {},
        "site": {},
        "person": {},
    },
    listed={"tank": ("T-1", "S-1"), "good": ("METHANOL",), "contract": (), "site": (), "person": ()},
)
KINDS = ("tank", "good", "contract", "receipt", "time", "mass", "money", "percent", "line", "text")
SKILL = Skill(
    name="q_all",
    command="all",
    purpose="all kinds",
    examples=("a", "b"),
    roles=frozenset(),
    run=lambda view, given: SimpleNamespace(),
    parameters=(
        *(Parameter(name=kind, kind=kind) for kind in KINDS),
        Parameter(name="by", kind="choice", choices=(("site", ("库区",)), ("good", ("品种",)))),
    ),
)


def read(body):
    values = checked(SKILL, body if isinstance(body, bytes) else json.dumps(body).encode())
    return values if isinstance(values, Problem) else arguments(SKILL, values, KNOWN)


@pytest.mark.parametrize(
    ("body", "given"),
    [
        ({}, {}),
        ({"tank": None}, {}),
        ({"tank": "T-1"}, {"tank": "T-1"}),
        ({"tank": ["S-1", "t-1", "T-1"]}, {"tank": "S-1,T-1"}),
        ({"good": " 甲醇 "}, {"good": "METHANOL"}),
        ({"receipt": ["CD-1", "CD-2"]}, {"receipt": "CD-1,CD-2"}),
        ({"time": "2026-03-12T14:32:00+08:00"}, {"time": "2026-03-12T06:32:00Z/2026-03-12T06:32:00Z"}),
        (
            {"time": {"from": "2026-03-11T00:00:00+08:00", "to": "2026-03-12T00:00:00+08:00"}},
            {"time": "2026-03-10T16:00:00Z/2026-03-11T16:00:00Z"},
        ),
        ({"mass": "-500000"}, {"mass": "-500000"}),
        ({"mass": ["-500000", "300000"]}, {"mass": "-500000,300000"}),
        ({"money": "5000000.00", "percent": "-5.5"}, {"money": "5000000.00", "percent": "-5.5"}),
        ({"line": "warn", "by": "site", "text": "昨天17点"}, {"line": "warn", "by": "site", "text": "昨天17点"}),
    ],
)
def test_typed_values_become_the_skills_arguments(body, given):
    assert read(body) == given


@pytest.mark.parametrize(
    ("body", "status", "place", "remedy"),
    [
        ({"tank": "T-9"}, 404, "/tank", "here are: T-1, S-1"),
        ({"tank": ["T-1", "T-9"]}, 404, "/tank/1", "here are: T-1, S-1"),
        ({"contract": "A-1"}, 404, "/contract", "here are: none"),
        ({"tank": "一号罐"}, 409, "/tank", "write one id: S-1, T-1"),
        ({"tank": 107}, 422, "/tank", "write id or name of a tank"),
        ({"tank": []}, 422, "/tank", "write id or name of a tank"),
        ({"receipt": "CD-1,CD-2"}, 422, "/receipt", "write number of a warehouse receipt"),
        ({"time": "昨天"}, 422, "/time", "a moment, e.g. 2026-03-12T14:32:00+08:00"),
        ({"time": "2026-03-12T14:32:00"}, 422, "/time", "a moment, e.g."),
        ({"time": 1773297120}, 422, "/time", "a moment, e.g."),
        ({"time": "0001-01-01T00:00:00+14:00"}, 409, "/time", "write a time of this century"),
        (
            {"time": {"from": "2026-03-12T00:00:00Z", "to": "2026-03-11T00:00:00Z"}},
            409,
            "/time",
            "exchange from and to",
        ),
        ({"mass": "500.5"}, 422, "/mass", "whole kg"),
        ({"mass": "٣"}, 422, "/mass", "whole kg"),
        ({"money": "NaN"}, 422, "/money", "CNY as a decimal string"),
        ({"percent": "1e3"}, 422, "/percent", "percent as a decimal string"),
        ({"line": "all"}, 422, "/line", "a line of the contract"),
        ({"by": "owner"}, 422, "/by", "one of 'site', 'good'"),
        ({"text": "x" * 2001}, 422, "/text", "words as one would write them"),
        ({"drop": "table"}, 422, "/drop", "leave it out; fields are: tank, good"),
        ({"a/b~c": 1}, 422, "/a~1b~0c", "leave it out"),
        (b"", 422, "", "send one JSON object"),
        (b"[]", 422, "", "send one JSON object"),
        (b"null", 422, "", "send one JSON object"),
        (b'{"tank": "\xff"}', 422, "", "send one JSON object, in UTF-8"),
        (b'{"tank": "\\ud800"}', 422, "", "send one JSON object, in UTF-8"),
        (b'{"tank": NaN}', 422, "/tank", "write id or name"),
        (b"[" * 60_000, 422, "", "send one JSON object"),
        (b'{"x":' * 10_000, 422, "", "send one JSON object"),
        (b"9" * 60_000, 422, "", "send one JSON object"),
    ],
)
def test_a_mistake_says_where_and_what_to_write(body, status, place, remedy):
    problem = read(body)

    assert isinstance(problem, Problem)
    assert problem.status == status
    assert problem.faults[0].place == place
    assert any(remedy in f.remedy for f in problem.faults), problem.faults


def test_all_mistakes_are_told_at_once():
    problem = read({"tank": 1, "money": "x", "nope": 1})
    assert {f.place for f in problem.faults} == {"/tank", "/money", "/nope"}


def test_every_kind_of_every_skill_has_a_type_of_its_own():
    kinds = {p.kind for s in SKILLS for p in s.parameters}
    assert kinds <= SHAPES.keys() | {"choice"}
