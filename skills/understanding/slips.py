"""Slips of the pinyin input: 夜位 for 液位, 监管县 for 监管线. A word that sounds like one of the field's is that word.

Only words of the field and names that may be meant are put in place, only for as many characters of the same sound, and
never for a word that people do write: ``REAL`` lists those.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

_OURS = (
    "液位 储罐 货值 货物 监管线 控货线 补货线 警戒线 预警线 平仓线 处置线 质押率 抵押率 覆盖率 质押 解押 仓单 提货 出库 入库 库存 库区 "
    "预警 报警 告警 密度 含水 水分 纯度 温度 保险 保单 本金 利息 贷款 敞口 还款 到期 逾期 合同 条款 账面 账实 对账 盘库 巡库 检尺 "
    "核查 监管员 监管方 值班 负责 升级 静音 换货 补货 补仓 保证金 放货 出货 进货 装车 卸船 倒罐 清罐 检修 标定 停电 日报 周报 月报 报表 "
    "走势 趋势 曲线 行情 报价 单价 品种 明细 分罐 断线 掉线 液位计 雷达 传感器 网关 中登 登记 余量 缺口 甲醇 乙醇 甲醛 甲苯 二甲苯 纯苯 "
    "苯乙烯 乙二醇 丙酮 丁醇 异丙醇 乙酸 冰乙酸 醋酸 乙酸乙酯 乙酸丁酯 柴油 汽油 沥青 燃料油 基础油 白酒 豆油 棕榈油 玉米 小麦 派单 派人 "
    "打款 到账 误报 异议 签到 交接 存量 吨数 罐号"
)
WORDS = tuple(_OURS.split())
_THEIRS = (
    "原有 气有 获知 活质 指压 制压 直压 之压 处处 储库 出哭 出裤 如库 入苦 预紧 以及 到齐 稻期 道歉 禾同 和同 条宽 调款 管道 管理 关注 只有 职位 之位 "
    "业位 夜里 页面 也为 值得 只得 执法 获得 活动 火灾 或者 活着 国际 过期 国期 提到 提或 体货 剔货 进或 进货 进口 出口 除去 出去 出来 粗苯 "
    "初货 单加 单夹 平常 品中 但是 丹 单价 担架 但见 名词 明喜 公司 共识 攻势 公示 同事 通知 重登 中等 等级 登机 签到 前导 潜到 前到 强制 枪支 误爆 无报 异一 意义 "
    "异以 议一 生机 生计 省级 升起 升级 深究 镜音 精英 静音 赔款 派 牌人 排人 怕人 大款 打款 倒账 到站 导管 到管 倒灌 道观 清关 轻罐 请关 "
    "检索 减小 间隙 减息 兼修 剪修 见效 监修 进出 尽出 一直 移至 议题 以提 提前 负载 复杂 夫则 直辖 只下 之前 之后 现在 县在 险 先 线 "
    "实物 事务 食物 石屋 实际 账目 账号 时间 事件 实现 失陷 视线 政府 整付 "
    "交接 焦急 教界 交界 叫姐 交结 浇洁 保健 保鲜 保现 抱怨 抱紧 报经 爆紧 报警 包金 报告 报 报价 爆价 保价 报家 抱枷 暴降 包价 单家"
)
REAL = frozenset(_THEIRS.split())
"""Words of one sound with one of ours that people do write, and what contains no slip."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_SINGLE = (("灌", "罐"), ("贯", "罐"))
_FLAT = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sounds:
    """Words by their sound. longest: characters of the longest."""

    words: frozenset[str]
    by_sound: Mapping[str, str]
    longest: int

    @classmethod
    def of(cls, words: Iterable[str]) -> Self:
        """Of these words, all Chinese; of several that sound alike the first."""
        words = tuple(words)
        return cls(
            words=frozenset(words),
            by_sound={" ".join(_sound(w)): w for w in reversed(words)},
            longest=max(map(len, words), default=0),
        )

    def corrected(self, text: str) -> str:
        """The text with the words in place of what only sounds like them. Same length, character by character."""
        return _CHINESE.sub(lambda m: self._mended(m[0]), text)

    def _mended(self, run: str) -> str:
        sounds = _sound(run)
        at, out = 0, list(run)
        while at < len(run):
            step = 1
            for size in range(min(self.longest, len(run) - at), 1, -1):
                written = run[at : at + size]
                if written in self.words:
                    step = size
                    break
                word = self.by_sound.get(" ".join(sounds[at : at + size]))
                if word is not None and _is_slip(written, word) and not self._cuts(run, at, size):
                    out[at : at + size] = word
                    step = size
                    break
            at += step
        return "".join(out)

    def _cuts(self, run: str, at: int, size: int) -> bool:
        """A word begins within and ends behind it: 前到 of 前到期 is no 签到."""
        ends = range(at + size + 1, min(len(run), at + size + self.longest) + 1)
        return any(run[begin:end] in self.words for begin in range(at + 1, at + size) for end in ends)


@lru_cache(maxsize=4096)
def corrected(clause: str) -> str:
    """The clause with words of the field in place of what only sounds like them. Same length, character by character."""
    for wrong, right in _SINGLE:
        clause = clause.replace(wrong, right)
    return _field().corrected(clause)


@lru_cache(maxsize=1)
def _field() -> Sounds:
    return Sounds.of(WORDS)


def with_names(names: Iterable[str]) -> Sounds:
    """The field's words, and those of these names that are Chinese words of two characters and more."""
    return Sounds.of((*WORDS, *(n for n in names if _CHINESE.fullmatch(n))))


def _is_slip(written: str, word: str) -> bool:
    """At least one character is right, or all sound right in a word of three: else chance is too likely."""
    same = sum(a == b for a, b in zip(written, word, strict=True))
    return written not in REAL and (same >= 1 or len(word) >= 3)


@lru_cache(maxsize=8192)
def _sound(run: str) -> tuple[str, ...]:
    """A syllable for each character, without tone and with the endings that half the country does not tell apart."""
    from pypinyin import lazy_pinyin  # a quarter of a second, and only where text is understood

    return tuple(_flat(s) for s in lazy_pinyin(run))


def _flat(syllable: str) -> str:
    for long, short in _FLAT:
        syllable = syllable.replace(long, short)
    return syllable
