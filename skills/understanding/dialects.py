"""Words of the dialects in those of the standard language, before anything is read: 有冇 is 有没有, 听日 is 明天, 几钿 is 多少钱.

Only words that mean one thing: 好多 asks how much in Sichuan and tells of plenty elsewhere, and is left to the sentence.
"""

import re

_WORDS = (
    # Cantonese
    "有冇得?→有没有 冇得?→没有 系咪→是不是 唔系→不是 唔(?=[知该得使会可够见变同住止])→不 乜(?:嘢|野)?→什么 咩(?=事|价|货|料|嘢)→什么 "
    "点解→为什么 点样→怎么样 (?<![旁两周一这那里外左右上下])边个→谁 (?<![旁两周一这那里外左右上下])边度→哪里 而家→现在 "
    "仲(?=有|剩|可以|能|未|系|得|押|在|喺)→还 [俾畀]→给 攞→拿 睇→看 佢→他 [噉咁]→这么 嗰→那 啲→些 哋→们 嘅→的 咗→了 喺→在 嚟→来 "
    "听日→明天 [琴寻噚]日→昨天 听晚→明晚 [琴寻噚]晚→昨晚 朝早→早上 晏昼→下午 几钱→多少钱 "
    # Wu
    "今朝→今天 (?<!大)明朝→明天 昨朝→昨天 夜里[厢向]→夜里 夜头→夜里 几钿→多少钱 价钿→价钱 铜钿→钱 辰光→时候 侬→你 阿拉→我们 弗→不 "
    "覅→不要 [搿迭]个→这个 伐$→吗 "
    # Mandarin of the north, the south-west and the middle
    "(?:啥|么)子→什么 (?:咋|啷)个→怎么 (?:莫|木|冒|没)得→没有 [木米冒]有→没有 晓得→知道 几多→多少 (?:中不|可)中→行不行 得行不→行不行 "
    "[俺咱](?:们)?→我们 ^嘞(?=[个批些])→这 "
    # 按级别说 is no 别说
    "级别→等级 "
    # Parts of the day
    "晌午→中午 (?:后|下|过)晌→下午 (?:前|头)晌→上午 后半夜→下半夜 (?:上个|头天|昨个)夜里→昨天夜里 (?:天)?擦黑→傍晚 [挨傍][晚黑](?!上)→傍晚"
)
_PAIRS = tuple(word.split("→") for word in _WORDS.split())
_ANY = re.compile("|".join(f"({written})" for written, _ in _PAIRS))


def standard(clause: str) -> str:
    """The clause without words of a dialect; nothing else changes."""
    return _ANY.sub(lambda m: _PAIRS[(m.lastindex or 1) - 1][1], clause)
