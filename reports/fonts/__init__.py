"""The one font of the pictures: a subset of Noto Sans CJK SC, so that a machine without any Chinese font draws as well."""

from pathlib import Path

FONT = Path(__file__).parent / "NotoSansCJKsc-subset.otf"
