"""The words for the model, from ``prompts/``; their hash says under which of them an answer came about."""

import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import prompts

FOLDER = Path(prompts.__file__).parent


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
        self.hash = hashlib.sha256(self.system.encode()).hexdigest()

    def question(self, *, question: str, replied: str | None) -> str:
        """The asker's words, and the bot's own message that they answer."""
        return self._env.get_template("question.j2").render(question=question, replied=replied).strip()

    def result(self, *, skill: str, status: str, text: str | None, cut: bool) -> str:
        """What a skill answered; text None: the endpoint may not read it."""
        return self._env.get_template("result.j2").render(skill=skill, status=status, text=text, cut=cut).strip()

    def refused(self, *, code: str, parameter: str, why: str) -> str:
        """Why a call was not run."""
        return self._env.get_template("refused.j2").render(code=code, parameter=parameter, why=why).strip()
