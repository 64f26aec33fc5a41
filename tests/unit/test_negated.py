"""A deed that is named and denied, and sentences with 不, 没 or 别 in them that deny nothing."""

import pytest

from skills.negated import negated


@pytest.mark.parametrize(
    ("deed", "texts"),
    [
        ("commit", "周五前还不了300万 明天补不了400吨 我们明天不补400吨 明天没法补400吨 取消承诺"),
        ("done", "我们不补了 款还没打 400吨没卸完 液位计还没修好 还没还款"),
        ("snooze", "取消静音 解除静音 别静音了 不要静音 恢复提醒"),
        ("works", "T-107不清罐了,取消报备 T-107今天不作业 清罐取消了"),
        ("dispute", "没有异议 无异议 没意见 这条没有异议 没问题"),
        ("escalate", "AL-20261122-04不要升级 别升级 先不升级 不用往上报"),
        ("checkin", "没到场 还没到现场 到不了"),
        ("accept", "任务不接 接不了"),
        ("dispatch", "不要派人去了 别派人去"),
        ("result", "还没检尺"),
        ("ack", "没收到 不收到"),
    ],
)
def test_what_is_called_off_or_cannot_be_is_denied(deed: str, texts: str) -> None:
    assert [t for t in texts.split() if not negated(deed, t)] == []


@pytest.mark.parametrize(
    ("deed", "texts"),
    [
        ("commit", "能不能明天补400吨 不迟于周五补400吨 现在还不到400吨,明天补200吨 不得不补400吨 没问题,明天补400吨"),
        ("done", "液位计修好了,没有问题 不到400吨已经卸完 款已经打了,还没有到期"),
        ("snooze", "先别重复提醒了,在核实 不要再提醒,在核实 取消重复提醒两小时,在核实 暂停提醒"),
        ("works", "T-107液位计没修好,明天检修 之前未报备,T-107清罐"),
        ("dispute", "这个报警不对,是雷达挂料了 没有出库,这条有异议 有没有异议"),
        ("escalate", "还不升级,往上报 对方不回复,升级 要不要升级"),
        ("accept", "我四十分钟到 不到四十分钟到"),
        ("dispatch", "没人看,让监管去现场核一下"),
        ("result", "量完了,没有底水 检尺结果没有异常"),
    ],
)
def test_a_word_that_denies_something_else_denies_no_deed(deed: str, texts: str) -> None:
    assert [t for t in texts.split() if negated(deed, t)] == []
