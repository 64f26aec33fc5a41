"""Words of the command line into a request; every flag stands in the help with its unit."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.command.calc.flag import Command, Flag, Kind

_PROG: Final = "xiaoliuzi calc"
_ABOUT: Final = """a tank calculator: the standard's formulas one at a time, or for every row of a file

Every subcommand takes --json, --rounded, --batch FILE and --out FILE; `xiaoliuzi calc NAME --help` tells more."""
_BATCH: Final = """a batch: columns named as the flags (- and _ alike, any order, other columns are kept); flags are for columns that
the file lacks; an empty cell is a flag not given. The results are appended, and last `problem`: a row has either
numbers or a problem. Densities are in kg/m³ unless --api or --rd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was typed. given: flag → its text, "" for a bare one. batch: a file's name, - for standard input."""

    command: Command
    given: dict[str, str]
    batch: str | None
    out: str | None
    as_json: bool
    rounded: bool


def parse(argv: Sequence[str], commands: Sequence[Command]) -> Request:
    """The request. Exits with 2 and a line on stderr where the words are not understood, with 0 after --help."""
    by_name = {command.name: command for command in commands}
    found = vars(_parser(commands).parse_args(_joined(argv)))
    command = by_name[found["calc"]]
    given = {f.name: str(found[f.name]) for f in command.flags if found[f.name] is not None}
    return Request(
        command=command,
        given=given,
        batch=found["batch"],
        out=found["out"],
        as_json=found["json"],
        rounded=found["rounded"],
    )


def _parser(commands: Sequence[Command]) -> argparse.ArgumentParser:
    listed = "\n".join(f"  {c.name:<9} {c.purpose}\n            {_shapes(c)}" for c in commands)
    top = argparse.ArgumentParser(
        prog=_PROG,
        usage=f"{_PROG} NAME [flags]",
        description=f"{_ABOUT}\n\n{listed}",
        epilog=_BATCH,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    names = top.add_subparsers(dest="calc", required=True, metavar="NAME", help=argparse.SUPPRESS)
    for command in commands:
        sub = names.add_parser(
            command.name,
            prog=f"{_PROG} {command.name}",
            description=f"{command.purpose}\n\n{command.notes}",
            epilog=_BATCH,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        for flag in command.flags:
            _add(sub, flag)
        sub.add_argument("--rounded", action="store_true", help="round as the edition prints it, inputs first")
        sub.add_argument("--json", action="store_true", help="for machines: all steps, unrounded")
        sub.add_argument("--batch", metavar="FILE", help="CSV in UTF-8, comma, semicolon or tab; - for standard input")
        sub.add_argument("--out", metavar="FILE", help="where a batch's result goes [standard output]")
    return top


def _add(parser: argparse.ArgumentParser, flag: Flag) -> None:
    shape = _shape(flag).split()[-1].strip("[]")
    told = flag.help.replace("%", "%%")
    match flag.kind:
        case Kind.SWITCH:
            parser.add_argument(*flag.options, dest=flag.name, action="store_const", const="yes", help=told)
        case Kind.NUMBER_OR_BARE:
            parser.add_argument(*flag.options, dest=flag.name, nargs="?", const="", metavar=shape, help=told)
        case Kind.PLACE:
            parser.add_argument(flag.name, nargs="?" if flag.column else None, metavar=shape, help=told)
        case Kind.NUMBER | Kind.WORD:
            parser.add_argument(*flag.options, dest=flag.name, metavar=shape, help=told)


def _shapes(command: Command) -> str:
    return " ".join(_shape(flag) for flag in command.flags)


def _shape(flag: Flag) -> str:
    match flag.kind:
        case Kind.SWITCH:
            return flag.options[0]
        case Kind.NUMBER_OR_BARE:
            return f"{flag.options[0]} [X]"
        case Kind.PLACE:
            return flag.name.upper()
        case Kind.NUMBER:
            return f"{flag.options[0]} X"
        case Kind.WORD:
            return f"{flag.options[0]} {flag.name.upper()}"


def _joined(argv: Sequence[str]) -> list[str]:
    """The words with a negative number joined to its flag, which argparse alone takes for a flag where it is -1e-5."""
    found: list[str] = []
    for word in argv:
        if found and word.startswith("-") and _is_flag(found[-1]) and _is_number(word):
            found[-1] += f"={word}"
        else:
            found.append(_dashed(word))
    return found


def _dashed(word: str) -> str:
    """A flag as it is declared: --mass_vacuum as --mass-vacuum."""
    if not word.startswith("--"):
        return word
    name, equals, value = word.partition("=")
    return name.replace("_", "-") + equals + value


def _is_flag(word: str) -> bool:
    return word.startswith("--") and "=" not in word and len(word) > 2


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
