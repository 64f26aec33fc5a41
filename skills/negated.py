"""不补了, 取消静音, 没有异议: a deed that is named and not meant. Nobody is shown a button for what was just denied."""

import re
from collections.abc import Mapping

from skills.understanding.normal import normal

_ASKED = re.compile(r"(?!还没)(.)[不没]\1")
"""能不能, 有没有, 要不要: asked, and not denied."""
_TWICE = re.compile("不(?:得|能|会|可)不|没有不|[再还]不(?=升级|上报)|不(?:迟于|晚于|超过|少于|低于|管|论|止)|不停地?")
"""Words with 不 that deny nothing."""
_NO = "(?:不再?|没有?|未|别再?|不要再?|不用再?|不必|不需要|无需|无须|勿|甭|暂不|先不|取消|撤销|撤回|停止)"
_WONT = "(?:不再?|不要|不用|不必|不需要|无需|无须|别再?|暂不|先不|没法|没办法|无法|没钱|没货|没能力|拒绝|取消|撤销|撤回|放弃|来不及|做不到|拿不出)"
_AUX = "(?:能|会|想|打算|准备|可能|一定|肯定?|愿意?|够|按时|按期|如期|及时|进行|安排|搞|做|了)*"
_CANT = "不(?:了(?!解)|上|齐|起|清|满|完|够)"
_WORK = "(?:清罐|清洗|倒罐|倒料|转罐|打料|装车|装船|装货|卸船|卸车|卸货|标定|复检|校验|停电|割接|断网|脱水|切水|升温|加热|检修|维修|换表|作业|施工)"
_OFF = "(?:就|也|都|先|已经?|被|给)*(?:取消|作废|撤销|撤回|改期|推迟|延期|暂缓|不[做搞干要]|不进行)"
_QUIET = "(?:静音|静默|免打扰|屏蔽|暂停)"
_DOES = r"(?:补|还(?![有没是在不要])|打[款过]?|付|到(?!期|\d|[一二两三四五六七八九十百])|卸|入库|汇|转账|修|清|关(?!系)|续|交|做|完成|恢复|办|停(?!地))"
_DENIED: Mapping[str, re.Pattern[str]] = {
    "ack": re.compile("(?:没有?|未|不)(?:再)?(?:收到|确认|看到|知道|知悉|安排|处理)"),
    "dispute": re.compile(
        "(?:没有?|无|并无|毫无|不存在|不提|取消|撤销|撤回|收回)(?:什么|啥|任何)?(?:异议|疑义|争议|误报)|异议(?:取消|撤销|撤回|作废)|不[是算]误报"
        "|^(?:我们?|我方|我司)?(?:对)?(?:这条|这个|此条?)?(?:预警|报警)?(?:没有?|无)(?:什么|啥)?(?:问题|意见|错)了?$"
    ),
    "commit": re.compile(
        f"{_WONT}{_AUX}(?:在.{{1,8}}前)?{_AUX}(?:D|今天|明天|后天)?(?:补|还(?![有没是在不要])|打款|付|到[货库账]|送|运|进货|汇|转账|入库|追加|交|兑现|承诺)"
        f"|[补还付打交凑拿到送运进汇]{_CANT}|承诺(?:取消|撤销|撤回|作废|不算)"
    ),
    "done": re.compile(
        f"(?:没有?|未|无法|没法|没办法|不再?|别|暂不|先不)(?:能|会|想|打算|准备|来得及|及时|按时)*{_DOES}|[补还付打卸修清停关续办]{_CANT}"
    ),
    "snooze": re.compile(
        f"(?:{_NO}|解除|结束|恢复|关闭|关掉){_QUIET}|{_QUIET}(?:了)?(?:取消|解除|撤销|不要)|(?:恢复|继续)(?:重复)?提醒"
    ),
    "escalate": re.compile(
        f"(?:{_NO}|没必要|停止)(?:急着|马上|立即|立刻|着急|给|自动)*(?:升级|往?上报|向上(?:级)?报|惊动)|升级(?:取消|撤销|作废)"
    ),
    "works": re.compile(
        f"(?:不再?|没有?|别|不用|不需要|无需|暂不|先不|取消|撤销|撤回|终止|放弃|暂缓|推迟|延期){_AUX}{_WORK}|{_WORK}(?:报备|计划|安排)?{_OFF}"
        "|(?:取消|撤销|撤回|不用|不)报备|报备(?:取消|撤销|撤回|作废)"
    ),
    "dispatch": re.compile(f"{_NO}{_AUX}(?:派|让|叫|去|核查|检尺)|(?:派人|核查|检尺)(?:取消|不用了)"),
    "accept": re.compile(r"(?:没有?|未|不|别|取消|拒绝)(?:能|想|打算)*(?:接|去|收到|出发)|[接去赶到来]不(?:了|到|上)"),
    "checkin": re.compile(r"(?:没有?|未|不)(?:能|有)*(?:在|抵达|进|到(?!\d))|[到赶进去]不(?:了|到)"),
    "result": re.compile("(?:没有?|未|不|别|取消)(?:能|来得及)*(?:检尺|检|量(?![大小])|测)|[检量测]不(?:了|成)"),
}


def negated(deed: str, text: str) -> bool:
    """The text denies this deed, calls it off, or says that it cannot be. deed: a Deed, 'ack', or what an errand is."""
    pattern = _DENIED[deed]
    return any(pattern.search(_plain(c)) is not None for c in normal(text).clauses)


def _plain(clause: str) -> str:
    """Without spaces, and without a 不 that only asks or denies itself."""
    return _TWICE.sub("", _ASKED.sub(r"\1", clause.replace(" ", "")))
