"""Writes a small commented workspace to begin with: one site, one tank, one contract, its people and chats."""

import shutil
from pathlib import Path

from domain.errors import WorkspaceInvalid

TEMPLATE = Path(__file__).parent / "template"


def init(directory: Path) -> list[Path]:
    """Write the starter workspace; gives the files written. Raises WorkspaceInvalid unless the directory is empty."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise WorkspaceInvalid(f"directory {str(directory)!r} is not empty: name a new one")
        return [_copied(source, directory) for source in sorted(TEMPLATE.rglob("*")) if source.is_file()]
    except OSError as e:
        raise WorkspaceInvalid(f"directory {str(directory)!r} cannot be written: {e.strerror}") from e


def _copied(source: Path, directory: Path) -> Path:
    target = directory / source.relative_to(TEMPLATE)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target
