"""The words for the model, from ``prompts/``; their hash says under which of them an answer came about."""

import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import prompts

FOLDER = Path(prompts.__file__).parent
_BREAKS = str.maketrans({c: f"\\u{ord(c):04x}" for c in "\x7f\x85\u2028\u2029"})
"""Signs that JSON leaves as they are and that end a line: what is quoted must stay in its own."""


class Prompts:
    """The templates, compiled once. What comes from people or from data is put in as quoted JSON, never as an order."""

    def __init__(self, *, internal: bool) -> None:
        """internal: the endpoint may read results."""
        self._env = Environment(
            loader=FileSystemLoader(FOLDER),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701 - no HTML is made here; what is not ours goes through |tojson
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
        self.system = self._env.get_template("system.j2").render(internal=internal).strip()
        self.hash = hashlib.sha256("\0".join((self.system, *self._sources())).encode()).hexdigest()

    def _sources(self) -> list[str]:
        """The other templates as they are written."""
        return [(FOLDER / name).read_text("utf-8") for name in ("question.j2", "refused.j2", "result.j2")]

    def question(self, *, question: str, replied: str | None) -> str:
        """The asker's words, and the bot's own message that they answer."""
        return (
            self._env.get_template("question.j2").render(question=question, replied=replied).strip().translate(_BREAKS)
        )

    def result(self, *, skill: str, status: str, text: str | None, cut: bool) -> str:
        """What a skill answered; text None: the endpoint may not read it."""
        template = self._env.get_template("result.j2")
        return template.render(skill=skill, status=status, text=text, cut=cut).strip().translate(_BREAKS)

    def refused(self, *, code: str, parameter: str, why: str) -> str:
        """Why a call was not run."""
        template = self._env.get_template("refused.j2")
        return template.render(code=code, parameter=parameter, why=why).strip().translate(_BREAKS)
