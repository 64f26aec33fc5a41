"""How names and figures look in what people type, in one width, in simplified characters and without spaces between them.

Only shapes: what a workspace's names are is for ``handles`` to say.
"""

import re
import unicodedata
from functools import lru_cache

from bot.wording.plain import flat
from skills.understanding.normal import normal

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹潘葛范彭鲁马方任袁柳唐罗薛伍余顾孟黄萧尹姚邵汪毛米"
    "戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓石崔龚程刘"
)
_TRADITIONAL = str.maketrans(
    "趙錢孫吳鄭馮陳褚衛蔣瀋韓楊許呂張嚴華謝鄒範魯馬羅餘顧黃蕭龐紀項閔賈顏鍾駱萬盧鄧龔劉團業銀東島廣亞聯滬雲遼蘇贛晉陝閩貴粵寧瓊"
    "億兩貳參陸點師長闆電戶帳頓車輛號經",
    "赵钱孙吴郑冯陈褚卫蒋沈韩杨许吕张严华谢邹范鲁马罗余顾黄萧庞纪项闵贾颜钟骆万卢邓龚刘团业银东岛广亚联沪云辽苏赣晋陕闽贵粤宁琼"
    "亿两贰叁陆点师长板电户账吨车辆号经",
)
"""Of surnames, firms, provinces, numerals and titles; the field's words are the understanding's (``normal``)."""
_DIGIT = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖弌弍弎叄參貳陸"
_TENS = "十百千万亿拾佰仟廿卅卌皕"
_CHINESE = f"{_DIGIT}{_TENS}半"
_NUMERAL = rf"(?:一(?![直共样起些定般切旦])|幺(?![蛾妹儿爸])|[俩仨](?=个?[百千万亿])|[{_CHINESE.replace('一', '')}])"
"""No 一 that begins a word of its own, and 俩 only where it counts hundreds."""
_VAGUE = r"[几来多余]"
_COUNT = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_GREAT = r"(?:hundred|thousand|million|billion|dozen)s?"
_TONS = r"tons?|tonnes?|mt|percent|per ?cent|yuan|rmb|cny|met(?:er|re)s?|trucks?|litres?|kilos?"
_ENGLISH = (
    rf"(?<![A-Za-z])(?:(?:{_COUNT}|a|half a)[ -](?:{_GREAT})|{_GREAT}(?=[ -](?:{_COUNT}|{_GREAT})(?![A-Za-z])))"
    rf"(?:[ -](?:and )?(?:{_COUNT}|{_GREAT}))*(?![A-Za-z])"
    rf"|(?<![A-Za-z])(?:{_COUNT})(?:[ -](?:{_COUNT}|point|oh|zero))+(?![A-Za-z])"
    rf"|(?<![A-Za-z])(?:{_COUNT})(?= (?:{_TONS})(?![A-Za-z]))"
)
"""Figures in English words; one alone is none: which one."""
_UNIT = r"万|亿|吨|公斤|千克|斤|元|块|号|罐|库(?!存)|米|公分|厘米|毫米|度(?!数)|[%℃#]|个百?分?点|成(?!立|本|交|员|品|功|了)|折|车|船|台车|条船|kg|t(?![a-z])"
_MONTH, _DAY = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
_WORDS = r"[一二三四五六七八九十]{1,3}"
_NO_FIGURE = rf"(?![\d{_CHINESE}.%]|{_UNIT}|分?之[{_CHINESE}])"
_TIME = (
    rf"(?<![\d-])(?:20\d\d|199\d)[-年/]{_MONTH}[-月/]{_DAY}(?:[日号]|(?![\d.-]))"
    rf"|(?<![\d.-]){_MONTH}月{_DAY}[日号]|(?<![\d.-]){_DAY}日(?!元)|(?<![\d.:-])(?:2[0-4]|[01]?\d):[0-5]\d(?![\d:%]|\.\d|个?[百千万亿]|[吨元块])"
    rf"|(?<![\d.-])(?:2[0-4]|[01]?\d)点(?:半|钟|[0-5]?\d分?)?{_NO_FIGURE}"
    rf"|{_WORDS}月{_WORDS}[日号]|{_WORDS}点(?:半|钟|[一三]刻|[二三四五]?十[一二三四五六七八九]?分?|零?[一二三四五六七八九]分)?{_NO_FIGURE}"
    rf"|(?:近|过去|最近)(?:\d{{1,3}}|{_WORDS.replace('一', '一两')})(?:天|小时|周|个月)"
)
_PLATE = r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][·. ,、-]{0,2}[A-Za-z][·. ,、-]{0,2}(?:[挂学警港澳使领试][·. ,、-]?)?"
_PLATE += rf"(?=[A-Za-z]{{0,5}}[\d*{_DIGIT}幺])[A-Za-z\d*{_DIGIT}幺]{{4,6}}[挂学警港澳使领试]?"
_FIRM = r"[\u4e00-\u9fff]{2,14}?(?:股份有限公司|有限责任公司|有限公司|集团公司|集团|公司|支行|分行|银行)"
_FIRM += (
    r"|中(?:石化|石油|海油|国石化|国石油|航油|远海[运能]|海石油|储粮|粮集团|储股份)|(?<!其)中化(?![工学肥验解仓物国能石油])"
    r"|(?<![施手开完竣])工行(?![为业情驶动不吗程])|[农建招]行(?![为业情驶动不吗程])|(?<![提移成递])交行(?![为业情驶动不吗程])"
    r"|邮储|浦发|兴业银|民生银"
)
"""The nation's few that everybody calls so; 中行 is also what goes on (运行中行不行)."""
_TITLE = r"经理|主管|师傅|行长|科长|主任|站长|班长|老板|女士|先生"
_PERSON = (
    rf"老[{SURNAMES}](?:头(?![疼痛晕绪]))?|小[{SURNAMES}]|[{SURNAMES}][\u4e00-\u9fff]?总(?!货|值|量|吨|共|额|价|体)|[{SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?:{_TITLE})"
    rf"|[{SURNAMES}]\*{{1,2}}[\u4e00-\u9fff]?|[{SURNAMES}]工(?!作|人|程|业|厂|艺|具)"
)
_CODE = (
    r"(?:[A-Za-z]{1,8}[-_])*[A-Za-z]{1,8}(?:[-_ ]|[一‐‑–—―])?\d[A-Za-z0-9_-]*|[A-Za-z][A-Za-z0-9]*_\w+"
    rf"|(?<![A-Za-z0-9])[A-Za-z]{{1,3}}[-_ ]?[{_DIGIT}幺]{{3,4}}(?![{_CHINESE}])"
    r"|(?<![A-Za-z0-9.-])[A-Za-z0-9-]+(?:(?:\.|点| ?dot ?)[A-Za-z0-9-]+)*(?:\.|点| ?dot ?)(?:com|cn|net|org|top|vip|xyz|cc|io)(?![A-Za-z])"
    r"|[A-Za-z0-9._%+-]+[@＠][A-Za-z0-9.-]+|[@＠]\w+|https?://\S+"
)
_NUMBER = (
    rf"\d{{17}}X|(?:[{_CHINESE}]+点)?[{_CHINESE}]+分之[{_CHINESE}]+|\d[\d,,.*-]*%?(?:{_VAGUE}?[十百千万亿](?:[{_CHINESE}]|\d(?!号))*)?"
    rf"|(?!万一|千万[别不要记注]){_NUMERAL}(?:(?:[点oO0]|{_VAGUE}?个?(?=[百千万亿](?!分)))?{_NUMERAL})+|[{_DIGIT}][、,.·]+[十百千万亿](?!一)[{_CHINESE}]*"
    rf"|[{_DIGIT}](?=个[百千万亿](?!分))|[{_CHINESE}](?={_UNIT})|[俩仨](?=[万亿吨])|[廿卅卌皕]|{_ENGLISH}"
)
SHAPES = (
    ("time", _TIME), ("plate", _PLATE), ("code", _CODE), ("firm", _FIRM), ("person", _PERSON), ("number", _NUMBER),
)  # fmt: skip
"""(kind, pattern), the first that fits holds."""
_MARKS = frozenset({"Mn", "Me"})
_BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"))
"""Letters by their class that nobody sees: the fillers of Hangul, the empty Braille."""
_NUMERIC = frozenset({"Nd", "Nl", "No"})
_CIRCLES = str.maketrans("○◯", "〇〇")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")


def half(text: str) -> str:
    """One line in half width, without invisible signs and without what only changes the sign before it (U+FE0F, tones)."""
    if not text.isascii():
        text = "".join(map(_digit, text.translate(_BLANKS).translate(_CIRCLES)))
    wide = unicodedata.normalize("NFKD", text)
    return flat(unicodedata.normalize("NFC", "".join(c for c in wide if unicodedata.category(c) not in _MARKS)))


@lru_cache(maxsize=8192)
def _digit(c: str) -> str:
    """㈤, Ⅷ, ٣ in the digits of everybody; 〇 is a character like 零."""
    value = unicodedata.numeric(c, None) if unicodedata.category(c) in _NUMERIC and c != "〇" else None
    return c if value is None or c.isascii() or value != int(value) else str(int(value))


def closed(text: str) -> tuple[str, list[int]]:
    """The text without spaces between Chinese characters, and the place of each of its characters in ``text``."""
    dropped = {n for m in _GAP.finditer(text) for n in range(m.start(), m.end())}
    places = [n for n in range(len(text)) if n not in dropped]
    return "".join(text[n] for n in places), places


def simple(text: str) -> str:
    """In simplified characters, as the understanding reads them. Same length, character by character."""
    return "".join(_simple(c) if is_chinese(c) else c for c in text)


@lru_cache(maxsize=8192)
def _simple(c: str) -> str:
    read = normal(c.translate(_TRADITIONAL)).whole
    return read if len(read) == 1 else c


def is_chinese(c: str) -> bool:
    """Of a Chinese character, not of a sign between them."""
    return "\u4e00" <= c <= "\u9fff"
