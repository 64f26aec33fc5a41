"""How ``NotoSansCJKsc-subset.otf`` was made: ``python -m reports.fonts.make_subset NotoSansCJK-Regular.ttc``.

Not used at run time. Needs fontTools, which matplotlib brings along.
"""

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

HERE = Path(__file__).parent
TARGET = HERE / "NotoSansCJKsc-subset.otf"
FACE = "Noto Sans CJK SC"
SIMPLIFIED = (
    (0x8BA0, 0x8C36), (0x7E9F, 0x7F35), (0x89C1, 0x89D1), (0x8D1D, 0x8D63), (0x8F66, 0x8F9A), (0x9485, 0x9576),
    (0x95E8, 0x961B), (0x9875, 0x98A7), (0x98CE, 0x98DA), (0x9963, 0x9995), (0x9A6C, 0x9AA7), (0x9C7C, 0x9CE4),
    (0x9E1F, 0x9E74), (0x9F7F, 0x9F8C),
)  # fmt: skip
"""Blocks of Unicode 16 that hold the characters with simplified radicals: 讠 纟 见 贝 车 钅 门 页 风 饣 马 鱼 鸟 齿."""
NAMES = "玥喆堃祎珺璟昇頔煊晞垚翀瑀琤璠偲甯嫚镕昊晟钰铭鑫淼焱燚犇骉尛芃苡菀婳姮妤妍嫣彧旻昕晗暄曦朦杺桉梓楠槿樾毓沄沚泓洺浠浥涵湉湜溁滢潞澍烜烨焜焯煜熠燊犀玢玘玚玟玮珈珏珩珮珲琀琎琦琨琪琬琮琰瑄瑛瑜瑞瑭瑶璇璞璨瓅"
"""In names of people and firms, though GB 2312 lacks some of them."""
CHEMISTRY = (
    "烃烯炔烷苯酚醚酯醇醛酮酸胺腈肼胍萘蒽菲嘧啶吡啶喹啉呋喃噻吩羟羧羰巯氨氰氟氯溴碘甲乙丙丁戊己庚辛壬癸沥青焦炭汽柴煤油"
)
SIGNS = "℃℉³²㎡㎥㎏％‰¥￥€£°±×÷≤≥≈≠·…—–−‘’“”→←↑↓▲▼△▽●○■□◆◇★☆✓①②③④⑤⑥⑦⑧⑨⑩、。〈〉《》「」『』【】〔〕〖〗！（），．：；？～〓\N{IDEOGRAPHIC SPACE}"  # fmt: skip


def wanted() -> set[str]:
    """GB 2312 whole, Latin with its accents, units, punctuation, simplified radicals, names."""
    gb = {c for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF) for c in _gb2312(high, low)}
    latin = {chr(c) for c in range(0x20, 0x180) if chr(c).isprintable()}
    blocks = {chr(c) for first, last in SIMPLIFIED for c in range(first, last + 1)}
    return gb | latin | blocks | set(NAMES) | set(CHEMISTRY) | set(SIGNS)


def _gb2312(high: int, low: int) -> str:
    return bytes((high, low)).decode("gb2312", "ignore")


def make(source: Path) -> None:
    """Write the subset of the simplified face of this collection."""
    font = TTFont(source, fontNumber=2)
    name = font["name"].getDebugName(4)
    if name != FACE:
        raise ValueError(f"{source}: face 2 is {name!r}, {FACE!r} is needed")
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]
    )
    options.drop_tables += ["vhea", "vmtx", "VORG", "GPOS", "GSUB", "BASE"]
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(wanted())))
    cutter.subset(font)
    font.save(TARGET)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
