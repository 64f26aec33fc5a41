"""The list of subcommands; their order is that of the help."""

from typing import Final

from bot.command.calc import air, bitumen, density, ethanol, roof, shell, tank, vcf
from bot.command.calc.flag import Command

COMMANDS: Final[tuple[Command, ...]] = (
    vcf.COMMAND,
    density.COMMAND,
    shell.COMMAND,
    roof.COMMAND,
    air.COMMAND,
    ethanol.COMMAND,
    bitumen.COMMAND,
    tank.COMMAND,
)
