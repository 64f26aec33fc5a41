"""Firms that are in no list and have no legal suffix, by what they trade in: 海天石化, 宁波港油库, 鑫源贸易.

The trade alone is no name, nor with a word of the field before it (化工贸易, 进口贸易).
"""

import re
from collections.abc import Container, Iterator

from bot.model.ordinary import is_entry, is_word
from bot.model.shapes import is_chinese

_TRADE = re.compile(
    r"(?:贸易商行|商行|经营部|石化|化工|能源|贸易|商贸|物流|仓储|储运|油库|港务|油品|集团|实业|石油|化学|航运|船务|海运|供应链|控股|科技|新材料|油气|炼化|重工|财险|租赁|保理|期货|证券|检测|检验|油脂|国贸|制造|船舶|液化|港口|燃气|投资|资本|实华|船厂|炼厂|农商行)"
    r"(?![品存费商价险责量人率额线法战证上下股里])"
)
_SELDOM = (
    "石化 化工 能源 贸易 商贸 物流 仓储 储运 油库 港务 集团 实业 石油 化学 航运 船务 供应链 控股 炼化 重工 财险 保理 实华 炼厂 农商行 国贸 油气 科技 "
    "新材料 船舶 贸易商行 商行 经营部"
)
_STRONG = frozenset(_SELDOM.split())
"""Trades that are seldom said but behind a name."""
_STOP = frozenset(
    "的了吗呢吧啊呀么们不没是在有就都也还又被把给跟说去来到过着这那哪谁啥什怎几多少我你他她它您咱俺每各某找问让叫由和与请查看听从向对替帮做敢能会要个家只想搞干归按比像管走离卖买聊报批押存放拉提叫该得被换罐吨库货值价仓单油醇率量额款钱欠两一二三四五六七八九十百千万亿半用上下里外内前后时年月日号天"
)
_IN_NAMES = frozenset("天日时百万亿年月新半用开来两三四五六七八九十上年通号海批")
"""Of those, what may be in a name before such a trade."""
_IN_FRONT = (
    "东方 日照 青岛 宁波 黄岛 大连 烟台 天津 上海 南京 江苏 山东 浙江 广州 厦门 长江 黄河 黄海 东海 南海 渤海 海天 海川 金海 中海 中化 江海 黄石 "
    "华东 华南 华北 海南 云南 福建 万达 平安 光大 光明"
)
_LETTERS = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,4}\Z")
"""HY of HY化工."""
_PLACES = frozenset(_IN_FRONT.split())
"""Words that stand in the front of firms' names."""
_OURS = (
    "大宗 进口 出口 国际 国内 国外 外贸 液体 液货 散货 危化 危险 危化品 第三方 进出口 保税 冷链 现代 传统 当地 本地 附近 其他 其它 另外 因为 什么 自有 "
    "动产 质押 抵押 监管 保险 承保 合作 上游 下游 签字 整个 相关 有关 全部 所有 能源 化工 石化 贸易 物流 仓储 石油 成品 原料 基础 精细 煤化 清洁 "
    "绿色 可再生 新型 民营 国营 国有 外资 央企 私人 老牌 大型 小型 同行 竞争 对手 水路 公路 铁路 海上 陆上 陆路 管道 汽车 火车 沥青 粮食 粮油 "
    "白酒 化学 有机 无机 水分 纯度 密度 质量 品质 定期 交割 原油 期货 股票 市场 板块 行业 企业 客户 商户 库方 货主 银行 项目 合同 二号 一号 三号 "
    "总行 信息 金融 指定 构建 提高 验真 供应链 形式 书面 委托 送去 "
    "送检 现场 人工 取样 实验 在线 自动 到期 逾期"
)
_GENERIC = frozenset(_OURS.split())
"""What says of which kind a trade is, and names nobody."""
_WHEN = (
    "今晚",
    "今天",
    "明天",
    "昨天",
    "现在",
    "目前",
    "刚才",
    "上周",
    "下周",
    "本周",
    "这周",
    "早上",
    "下午",
    "上午",
    "晚上",
)
_KINDS = re.compile("|".join(sorted((*_GENERIC, *_WHEN), key=len, reverse=True)))


_ENDS = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|集团公司|集团|公司)+$|(?:监管|监理|检测|检验|保险|财险|质押|仓储|储运|化工|石化|能源|贸易|商贸|物流|油库)$"
)


def shorter(name: str) -> Iterator[str]:
    """What people make of a firm's name: 港联 of 港联监管, 甲行 of 甲银行; nothing that is itself a word."""
    whole = name
    while (found := _ENDS.search(name)) and found.start():
        name = name[: found.start()]
    if name != whole and len(name) > 1 and not is_entry(name) and not _generic(name, strong=True):
        yield name
    if whole.endswith("银行") and len(whole) > 2:
        yield f"{whole[:-2]}行"


def unlisted(text: str, gaps: Container[int]) -> Iterator[tuple[int, int]]:
    """(start, end) of every firm in the text that no list has, in order; text and gaps as for ``people.unlisted``."""
    last = 0
    for trade in _TRADE.finditer(text):
        strong = trade[0] in _STRONG
        latin = _LETTERS.search(text, last, trade.start())
        start = latin.start() if latin else _begin(text, trade.start(), gaps, last, strong=strong)
        name = text[start : trade.start()]
        if latin or not _generic(name, strong=strong):
            last = trade.end()
            yield start, last


def _begin(text: str, end: int, gaps: Container[int], last: int, *, strong: bool) -> int:
    """Where the name before a trade begins: after a gap, a word that is none of a name, or six characters before."""
    start, stop = end, (_STOP - _IN_NAMES if strong else _STOP)
    word = is_entry if strong else is_word
    while start > max(last, end - 6) and is_chinese(text[start - 1]) and text[start - 1] not in stop:
        before = text[max(last, start - 2) : start]
        if end - start >= 2 and len(before) == 2 and word(before) and before not in _PLACES | _GENERIC:
            break
        start -= 1
        if start in gaps:
            break
    alone = strong and end - start == 1 and start > last and start not in gaps
    return start - 1 if alone and is_chinese(text[start - 1]) else start


def _generic(name: str, *, strong: bool) -> bool:
    """Words of the field alone; before a trade that is itself a common word, any that was ever learned."""
    rest = _KINDS.sub("", name)
    return len(rest) < 2 or (
        not strong and (rest != name or any(is_word(name[i : i + 2]) for i in range(len(name) - 1)))
    )
