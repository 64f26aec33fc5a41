"""The workspace's directory: reads its files within bounds, remembers what was read, finds secrets that do not belong.

Nothing outside the directory is read, nothing that is not a regular file, nothing larger than ``MAX_BYTES``.
"""

import errno
import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from datasources.workspace.problem import Problem
from datasources.workspace.secret import secret_in

MAX_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Where a file was named, so that its absence is told there."""

    file: str
    line: int | None
    where: str


@dataclass(slots=True)
class Folder:
    """One workspace directory while it is read. digests, contents: sha256 and bytes of every file read, by relative path."""

    root: Path
    problems: list[Problem]
    digests: dict[str, str] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)

    def names(self, folder: str, suffix: str) -> list[str]:
        """Relative paths of the files with this suffix directly in a folder, sorted; tells of those left out."""
        try:
            found = sorted(entry.name for entry in os.scandir(self.root / folder))
        except FileNotFoundError:
            found = []
        except OSError as e:
            self._say(folder, f"cannot be listed: {e.strerror}", "make it a readable directory")
            return []
        visible = [name for name in found if not name.startswith((".", "~")) and not name.endswith("~")]
        for name in visible:
            if name.endswith((".yml", ".YAML", ".YML")):
                self._say(f"{folder}/{name}", "is not read", f"rename it to end in {suffix}")
        chosen = [f"{folder}/{name}" for name in visible if name.endswith(suffix) and not name.endswith(".test.yaml")]
        if not chosen:
            self._say(f"{folder}/", f"has no {suffix} file", "write one; `xiaoliuzi init` shows an example")
        return chosen

    def text(self, path: str, named: Naming | None = None) -> str | None:
        """The file's text without a byte order mark, or None after telling why it cannot be used."""
        raw = self._bytes(path, named or Naming(file=path, line=None, where=""))
        if raw is None:
            return None
        self.digests[path] = hashlib.sha256(raw).hexdigest()
        self.contents[path] = raw
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as e:
            line = raw[: e.start].count(b"\n") + 1
            self._say(path, "is not UTF-8 (perhaps GBK)", "save it as UTF-8 (in Excel: CSV UTF-8)", line=line)
            return None
        if not text.strip():
            self._say(path, "is empty", "write its content; `xiaoliuzi init` shows an example")
            return None
        self._look_for_secrets(path, text)
        return text

    def content_hash(self) -> str:
        """sha256 over the relative path and the digest of every file read, in the order of the paths."""
        whole = hashlib.sha256()
        for path in sorted(self.digests):
            whole.update(f"{len(path.encode())}:{path}:{self.digests[path]}\n".encode())
        return whole.hexdigest()

    def _bytes(self, path: str, named: Naming) -> bytes | None:
        wrong, instead = "cannot be read", "put a readable file there"
        try:
            real = Path(os.path.realpath(self.root / path, strict=True))
            status = real.stat()
            if not real.is_relative_to(os.path.realpath(self.root)):
                wrong, instead = "lies outside the workspace", "copy the file into the workspace"
            elif not stat.S_ISREG(status.st_mode):
                wrong, instead = "is not a file", "put a plain file there"
            elif status.st_size > MAX_BYTES:
                wrong = f"is {status.st_size:,} bytes large, at most {MAX_BYTES:,} are read"
                instead = "split it, or check that it is the right file"
            else:
                return real.read_bytes()
        except FileNotFoundError:
            wrong, instead = "is missing", "write it, or correct the path"
        except OSError as e:
            wrong = "is a loop of symbolic links" if e.errno == errno.ELOOP else f"cannot be read: {e.strerror}"
        subject = wrong if named.file == path else f"file {path!r} {wrong}"
        self.problems.append(
            Problem(file=named.file, line=named.line, where=named.where, wrong=subject, instead=instead)
        )
        return None

    def _say(self, path: str, wrong: str, instead: str, *, line: int | None = None) -> None:
        self.problems.append(Problem(file=path, line=line, where="", wrong=wrong, instead=instead))

    def _look_for_secrets(self, path: str, text: str) -> None:
        for number, line in enumerate(text.splitlines(), start=1):
            secret = secret_in(line)
            if secret is not None:
                instead = f"delete it here, revoke it, and set the environment variable {secret.variable}"
                self._say(path, f"contains what looks like {secret.what}", instead, line=number)
