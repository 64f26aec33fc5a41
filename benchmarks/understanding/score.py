"""How well sentences are understood: ``python -m benchmarks.understanding.score FILE.csv …`` prints right, asked, wrong.

``--linear`` scores the regression alone, without the sentences that are alike; ``-v`` shows what was not right.

right: exactly the intents of the file, in any order. asked: the bot asks back (a 'clarify' of the file is right then).
wrong: anything else. Silence counts as wrong for a question and as right for chatter.
"""

import csv
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from benchmarks.understanding.stage import NOW, vocabulary
from skills.understanding.asking import Heard, hear
from skills.understanding.frame import frames_of
from skills.understanding.likeness import Likeness
from skills.understanding.model import Model, learned
from skills.understanding.normal import normal
from skills.understanding.turns import Turn, told_by


def linear() -> Model:
    """The learned model without the sentences that are alike."""
    return replace(learned(), likeness=Likeness.of((), ""))


def heard(text: str, context: str, model: Model | None = None) -> Heard:
    """What is heard after this context."""
    known, model, told = vocabulary(), model or learned(), told_by(context)
    previous = None
    if told == "asked":
        previous = Turn(intent="q_tank")
    elif told == "answer":
        before = hear(tuple(frames_of(normal(context), known, NOW)), model, "", None)
        previous = Turn(intent=before.sure[-1].intent) if before.sure else None
    frames = tuple(frames_of(normal(text), known, NOW))
    if not frames:
        return Heard(sure=(), near=())
    return hear(frames, model, told, previous)


def judge(wanted: Sequence[str], got: Heard) -> str:
    """'right', 'asked' or 'wrong'."""
    said = [m.intent for m in got.sure]
    if not said or said == ["clarify"]:
        return "right" if list(wanted) == ["clarify"] else "asked"
    return "right" if Counter(said) == Counter(wanted) else "wrong"


def main(paths: Sequence[str]) -> None:
    model = linear() if "--linear" in sys.argv else learned()
    for path in paths:
        found: Counter[str] = Counter()
        refusals: Counter[str] = Counter()
        times, shown = [], []
        with Path(path).open(encoding="utf-8") as opened:
            lines = list(csv.DictReader(opened))
        for line in lines:
            wanted = line["intent"].split("|")
            started = perf_counter()
            got = heard(line["utterance"], line["context"], model)
            times.append(perf_counter() - started)
            verdict = judge(wanted, got)
            found[verdict] += 1
            if any(w.startswith("r_") for w in wanted):
                refusals["refused" if any(m.intent.startswith("r_") for m in got.sure) else verdict] += 1
            if verdict != "right":
                said = "|".join(f"{m.intent} {m.chance:.2f}" for m in got.sure) or " ".join(
                    f"({g.intent} {g.chance:.2f})" for g in got.near
                )
                shown.append(
                    f"  {verdict}: {line['utterance']} [{line['context'][:24]}] wanted {line['intent']}, heard {said}"
                )
        n = len(lines)
        rates = " ".join(f"{k} {found[k]} ({found[k] / n:.1%})" for k in ("right", "asked", "wrong"))
        times.sort()
        print(f"{path}: n={n} {rates}; refusals {dict(refusals)}; p95 {times[int(n * 0.95)] * 1000:.1f} ms")
        if "-v" in sys.argv:
            print("\n".join(shown))


if __name__ == "__main__":
    main([a for a in sys.argv[1:] if not a.startswith("-")])
