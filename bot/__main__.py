"""``python -m bot``: the same as the command ``xiaoliuzi``."""

from bot.cli import main

main()
