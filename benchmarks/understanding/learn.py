"""Learn the weights: ``python -m benchmarks.understanding.learn`` (needs scikit-learn, which nothing else does).

From ``benchmarks/understanding/sentences/*.csv`` to ``weights.json`` and ``examples.txt`` in ``skills/understanding``. Each line of several intents and
each ellipsis that only its context explains is left out: the first is taken apart, the second inherited, by rule.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from benchmarks.understanding.stage import NOW, STRANGERS, vocabulary
from skills.understanding.asking import spoken_to
from skills.understanding.features import features_of
from skills.understanding.frame import Frame, frames_of, joined
from skills.understanding.joints import Segment
from skills.understanding.joints import features_of as joint_features
from skills.understanding.likeness import line_of
from skills.understanding.model import EXAMPLES, FILE, SCALE, Guess, Model
from skills.understanding.normal import normal
from skills.understanding.turns import is_ellipsis, told_by

SENTENCES = Path(__file__).parent / "sentences"
HERE = Path("skills/understanding")
Line = dict[str, str]
Features = tuple[str, ...]
Told = dict[str, Any]
FOLDS = 3
SMALLEST = 0.25
"""Weights below are left out: of thousands each says next to nothing."""


def rows(paths: Iterable[Path]) -> Iterator[dict[str, str]]:
    """The lines of these files."""
    for path in sorted(paths):
        with path.open(encoding="utf-8") as opened:
            yield from csv.DictReader(opened)


def examples(lines: Iterable[dict[str, str]]) -> tuple[list[tuple[str, ...]], list[str]]:
    """Features and intent of each line that teaches."""
    known, features, intents = vocabulary(learning=True), [], []
    for line in lines:
        if "|" in line["intent"] or (
            line["intent"].startswith("q_") and any(n in line["utterance"] for n in STRANGERS)
        ):
            continue  # several are taken apart by rule; a question of the other bank's people is theirs
        told = told_by(line["context"])
        frames = tuple(frames_of(normal(line["utterance"]), known, NOW))
        if not frames or (told and told not in ("alarm", "task") and is_ellipsis(joined(frames))):
            continue
        features.append(features_of(joined(frames), told))
        intents.append(line["intent"])
    return features, intents


def digest(paths: Iterable[Path]) -> str:
    """The hash of the files' bytes, in order of their names."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def learn(features: Sequence[Features], intents: Sequence[str]) -> Told:
    """The weights of the intents."""
    from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from sklearn.preprocessing import Normalizer  # type: ignore[import-not-found,import-untyped,unused-ignore]

    counter = CountVectorizer(analyzer=lambda f: f, binary=True, min_df=2)
    matrix = Normalizer().fit_transform(counter.fit_transform(features))
    model = LogisticRegression(C=100, max_iter=2000).fit(
        matrix, intents
    )  # converged: an early stop is a matter of luck
    weights: dict[str, list[int]] = {}
    for j, name in enumerate(counter.get_feature_names_out()):
        column = model.coef_[:, j]
        weights[name] = [x for i, w in enumerate(column) if abs(w) >= SMALLEST for x in (i, round(w * SCALE))]
    bias = [round(b * SCALE) for b in model.intercept_]
    return {"intents": list(model.classes_), "bias": bias, "weights": dict(sorted(weights.items()))}


def kept(told: Told, features: Sequence[Features], intents: Sequence[str]) -> str:
    """The examples' file: each sentence by the numbers of its intent and of its features that the weights know."""
    numbers = {name: n for n, name in enumerate(told["weights"])}
    known = {intent: n for n, intent in enumerate(told["intents"])}
    return "".join(
        line_of(known[intent], sorted(numbers[f] for f in found if f in numbers))
        for found, intent in zip(features, intents, strict=True)
    )


def learn_joints(lines: Sequence[Line]) -> Told:
    """The weights of the joints: each fifth of the sentences as a model of the other four sees it."""
    from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found,import-untyped,unused-ignore]

    features, labels = [], []
    for fold in range(FOLDS):
        teaching = [x for n, x in enumerate(lines) if n % FOLDS != fold]
        taught = examples(teaching)
        told = learn(*taught)
        model = Model.of({**told, "joints": {}, "joints_bias": 0, "learned_from": ""}, kept(told, *taught))
        for line in (x for n, x in enumerate(lines) if n % FOLDS == fold):
            for seen, begins in boundaries(line, model):
                features.append(seen)
                labels.append(begins)
    counter = CountVectorizer(analyzer=lambda f: f, binary=True, min_df=2)
    model_ = LogisticRegression(C=1.0, max_iter=2000).fit(counter.fit_transform(features), labels)
    names = counter.get_feature_names_out()
    weights = {n: round(w * SCALE) for n, w in zip(names, model_.coef_[0], strict=True) if abs(w) >= 0.02}
    return {"joints": dict(sorted(weights.items())), "joints_bias": round(float(model_.intercept_[0]) * SCALE)}


def boundaries(line: Line, model: Model) -> Iterator[tuple[Features, bool]]:
    """Every boundary between a line's clauses as it looks when the ones before it were judged rightly."""
    told, wanted = told_by(line["context"]), line["intent"].split("|")
    frames = tuple(frames_of(normal(line["utterance"]), vocabulary(learning=True), NOW))
    if len(frames) < 2 or len(wanted) > len(frames):
        return
    cuts = _cuts(frames, wanted, model)

    def guesses(frame: Frame) -> list[Guess]:
        return spoken_to(model).guesses(features_of(frame, told if frame is frames[0] else ""))

    left = Segment(frame=frames[0], best=guesses(frames[0])[0])
    for n, frame in enumerate(frames[1:], 1):
        right = Segment(frame=frame, best=guesses(frame)[0])
        both = guesses(joined((left.frame, frame)))
        yield joint_features(left, right, both), n in cuts
        whole = Segment(frame=joined((left.frame, frame)), best=both[0])
        left = right if n in cuts else whole


def _cuts(frames: Sequence[Frame], wanted: Sequence[str], model: Model) -> frozenset[int]:
    """Where the intents of the file, in their order, fit the clauses best."""
    if len(wanted) == 1:
        return frozenset()
    best, found = -1.0, frozenset[int]()
    for cuts in combinations(range(1, len(frames)), len(wanted) - 1):
        edges = (0, *cuts, len(frames))
        chance = 1.0
        for intent, (a, b) in zip(wanted, pairwise(edges), strict=True):
            of = {g.intent: g.chance for g in model.guesses(features_of(joined(tuple(frames[a:b])), ""))}
            chance *= of.get(intent, 0.0)
        if chance > best:
            best, found = chance, frozenset(cuts)
    return found


def text_of(told: Told, learned_from: str) -> str:
    """The weights' file: a line for each feature."""
    line = json.dumps({"learned_from": learned_from, **told}, ensure_ascii=False, separators=(",", ":"))
    return line.replace("],", "],\n") + "\n"


def main() -> None:
    paths = list(SENTENCES.glob("*.csv"))
    lines = list(rows(paths))
    teaching = examples(lines)
    intents = learn(*teaching)
    told = intents | learn_joints(lines)
    (HERE / FILE).write_text(text_of(told, digest(paths)), encoding="utf-8")
    (HERE / EXAMPLES).write_text(kept(intents, *teaching), encoding="utf-8")
    size = sum((HERE / name).stat().st_size for name in (FILE, EXAMPLES)) / 1e6
    print(f"{len(lines)} sentences, {len(told['intents'])} intents -> {HERE}/{FILE}, {EXAMPLES} ({size:.2f} MB)")


if __name__ == "__main__":
    main()
