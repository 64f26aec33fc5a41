"""Sentences that taught nothing: how many are right, asked back and wrong. Skipped where there are none."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from benchmarks.understanding import learn
from benchmarks.understanding.score import heard, judge
from skills.understanding.understand import Silence
from tests.data.words.hearing import hear

HELD_OUT = sorted((Path(learn.__file__).parent / "held_out").glob("*.csv"))
RIGHT = 0.90
WRONG = 0.02
SILENT = 0.98
"""Of what people say among themselves."""
UNSEEN = 0.90
"""Some short sentences everybody says, so that they teach too; those are not counted."""


@cache
def taught() -> frozenset[tuple[str, str]]:
    """Sentences that the weights are learned from, each with what went before."""
    return frozenset((r["utterance"], r["context"]) for r in learn.rows(learn.SENTENCES.glob("*.csv")))


def rows(path: Path) -> list[dict[str, str]]:
    """The unseen lines of a file."""
    with path.open(encoding="utf-8") as opened:
        lines = list(csv.DictReader(opened))
    unseen = [r for r in lines if (r["utterance"], r["context"]) not in taught()]
    assert len(unseen) >= UNSEEN * len(lines)
    return unseen


said = cache(heard)
"""What a sentence of these files is heard to ask, once for both questions about it."""


@pytest.mark.parametrize("path", HELD_OUT, ids=lambda p: p.stem)
def test_sentences_that_were_never_seen_are_understood(path: Path) -> None:
    asked = [r for r in rows(path) if r["intent"] != "silence"]
    found = [(r, judge(r["intent"].split("|"), said(r["utterance"], r["context"]))) for r in asked]
    verdicts = Counter(verdict for _, verdict in found)
    wrong = [r["utterance"] for r, verdict in found if verdict == "wrong"]
    assert verdicts["right"] >= RIGHT * len(asked), verdicts
    assert len(wrong) <= WRONG * len(asked), wrong


@pytest.mark.parametrize("path", HELD_OUT, ids=lambda p: p.stem)
def test_nothing_that_must_be_refused_is_answered(path: Path) -> None:
    bad = [r for r in rows(path) if "r_" in r["intent"]]
    found = [(r["utterance"], [m.intent for m in said(r["utterance"], r["context"]).sure]) for r in bad]
    assert [s for s in found if s[1] and not any(i.startswith("r_") for i in s[1])] == []


@pytest.mark.parametrize("path", HELD_OUT, ids=lambda p: p.stem)
def test_unseen_talk_among_people_is_left_alone(path: Path) -> None:
    talk = [r["utterance"] for r in rows(path) if r["intent"] == "silence"]
    silent = [t for t in talk if isinstance(hear(t, addressed=False), Silence)]
    assert len(silent) >= SILENT * len(talk), set(talk) - set(silent)
