"""The little world of the fake desk: people, chats, 56 tanks and the messages of one bad afternoon."""

from datetime import UTC, datetime

from domain.message import Button, Mention, OutMessage, Span
from domain.people import Audience, Chat, Organisation, Person, Role

BOT = "小六子"
START = datetime(2026, 3, 12, 7, 12, 30, tzinfo=UTC)  # 15:12:30 at the depot
CONTRACT = "QD-DCZY-2026-018"

ORGANISATIONS = {
    o.id: o
    for o in (
        Organisation(id="jiayin", name="甲银行青岛分行", short="甲银行"),
        Organisation(id="hengyun", name="恒运化工", short="恒运"),
        Organisation(id="gangchu", name="港储一库", short="港储一库"),
        Organisation(id="minchu", name="民储库", short="民储库"),
        Organisation(id="ganglian", name="港联监管", short="港联监管"),
    )
}
PEOPLE = (
    Person(id="wang", name="王经理", org="jiayin", role=Role.RELATIONSHIP_MANAGER),
    Person(id="chen", name="风控陈工", org="jiayin", role=Role.RISK_OFFICER),
    Person(id="zhao", name="赵总", org="hengyun", role=Role.BORROWER),
    Person(id="li", name="李主管", org="gangchu", role=Role.DEPOT),
    Person(id="ji", name="仪表班", org="minchu", role=Role.DEPOT),
    Person(id="zhou", name="老周", org="ganglian", role=Role.INSPECTOR),
)
ROLES = {
    Role.RELATIONSHIP_MANAGER: "客户经理",
    Role.RISK_OFFICER: "风控",
    Role.BORROWER: "融资方",
    Role.DEPOT: "库方",
    Role.INSPECTOR: "监管员",
}
EVERYBODY = tuple(p.id for p in PEOPLE)
CHATS = (
    Chat(id="hengyun-pool", name="恒运池", audience=Audience.PROJECT, contracts=(CONTRACT,), members=EVERYBODY),
    Chat(id="jiayin-bank", name="甲银行贷后", audience=Audience.BANK, contracts=(CONTRACT,), members=("wang", "chen")),
    Chat(id="li-private", name="李主管", audience=Audience.PRIVATE, contracts=(CONTRACT,), members=("li",)),
)

# site, name, then per tank: id, good, filling, tonnes, °C
SITES = {
    "gangchu": (
        "港储一库",
        """T-101 92#汽油 .71 182.4 23.8|T-102 92#汽油 .64 158.9 23.6|T-103 石脑油 .58 171.2 23.2|T-104 380燃料油 .66 214.0 46.0
        T-105 380燃料油 .49 160.3 45.0|T-106 0#柴油 .72 655.8 25.1|T-107 0#柴油 .83 1496.7 25.3|T-108 0#柴油 .61 801.5 24.9
        T-109 航煤 .55 92.7 23.5|T-110 甲醇 .77 1240.6 24.1|T-111 甲醇 .69 1388.2 24.4|T-112 甲醇 .78 1449.3 24.5
        T-113 甲醇 .81 1702.8 24.2|T-114 甲醇 .52 1102.0 24.0|T-115 纯苯 .44 388.1 22.9|T-116 甲苯 .63 402.7 23.0
        T-117 二甲苯 .57 377.9 23.1|T-118 苯乙烯 .48 310.4 15.2|T-119 MTBE .66 509.6 22.6|T-120 甲醇 .74 1206.4 24.3
        T-121 乙二醇 .39 288.0 26.1|T-122 丙酮 .51 190.2 22.7|T-123 95#汽油 .60 205.5 23.4|T-124 基础油 .42 233.3 38.0""",
    ),
    "minchu": (
        "民储库",
        """V201 MTBE .70 388.2 29.1|V202 MTBE .66 349.6 29.3|V203 MTBE .75 412.8 29.6|V204 甲醇 .58 960.4 25.0
        V205 甲醇 .67 1122.5 25.2|V206 甲醇 .66 1107.5 25.1|V207 异丁烯 .35 88.4 24.0|V208 LPG .52 140.1 21.7
        V209 丙烷 .41 77.3 21.9|V210 甲醛 .63 244.6 48.5|V211 甲醛 .58 226.0 48.1|V212 醋酸 .47 301.8 27.3
        V213 醋酸乙酯 .55 212.9 24.6|V214 正丁醇 .49 180.7 24.2|V215 异丙醇 .60 205.1 24.3|V216 甲醇 .71 1194.2 25.0
        V217 0#柴油 .64 910.0 25.4|V218 0#柴油 .59 846.8 25.5""",
    ),
    "changku": (
        "厂库",
        """C-01 70#沥青 .74 1204.0 148.6|C-02 70#沥青 .70 1141.5 149.1|C-03 70#沥青 .66 1080.2 147.8|C-04 70#沥青 .81 1322.7 150.3
        C-05 70#沥青 .89 1455.6 148.9|C-06 90#沥青 .52 866.1 151.0|C-07 180燃料油 .61 530.4 50.2|C-08 380燃料油 .57 498.8 52.4
        C-09 渣油 .48 610.7 88.0|C-10 蜡油 .55 588.2 71.5|C-11 0#柴油 .68 902.6 25.9|C-12 0#柴油 .63 840.1 25.8
        C-13 石脑油 .44 301.9 23.7|C-14 基础油 .50 266.6 40.1""",
    ),
}


def at(person: str) -> Mention:
    """An @ as the group writes it."""
    found = next(p for p in PEOPLE if p.id == person)
    return Mention(person_id=person, label=ORGANISATIONS[found.org].short + found.name)


def buttons(alarm: str) -> tuple[Button, ...]:
    """The answers that an alert offers."""
    answers = {"ack": "收到", "arranged": "已安排", "dispute": "有异议"}
    return tuple(Button(label=label, token=f"v1:{alarm}:{answer}:1") for answer, label in answers.items())


def value_alert() -> OutMessage:
    """M1 of the message drafts."""
    spans: tuple[Span, ...] = (
        (
            "【橙色预警·货值】AL-20260312-07  恒运池  合同 QD-DCZY-2026-018\n"
            "在押认可货值 1.1987亿元,跌破监管线 1.2052亿元,缺口 64.06万元(0.53%)。\n"
            "时点 3月12日 14:32(数据覆盖货值100%,最旧读数 46秒)\n"
            "变动 -504.39万元:甲醇价 2,410→2,318 元/吨,-167.81万元;T-107 柴油出库 488.5吨,-336.58万元\n"
            "恢复至补货线 1.2912亿元:补货 924.89万元,或还款/保证金 647.42万元\n请履约(合同第 8.2 条):\n"
        ),
        at("zhao"),
        " 30分钟内确认,次一工作日(3月13日)12:00 前完成补足\n",
        at("li"),
        " 请在确保安全的前提下暂停全部出库,等候质权人书面通知\n",
        at("wang"),
        " ",
        at("chen"),
        " 知悉\n系统已:冻结在途提货核验;15:02 未回复将升级。",
    )
    return OutMessage(spans=spans, buttons=buttons("AL-20260312-07"))


def drop_alert() -> OutMessage:
    """M2 of the message drafts, in red so that the page shows all three severities."""
    spans: tuple[Span, ...] = (
        (
            "【红色预警·货量】AL-20260312-09  港储一库 T-112(甲醇)\n"
            "22分钟内减少 83.0吨(液位 9.842→9.317 米,约 226 吨/时),未匹配到作业单与提货通知。\n"
            "时点 3月12日 15:10;允差 3 吨;同期 T-113、T-114 无对应增加。\n"
        ),
        at("li"),
        " 10分钟内说明作业内容并补作业单号\n",
        at("zhou"),
        " 请到场核实,两孔检尺\n状态:待核实。",
    )
    return OutMessage(spans=spans, buttons=buttons("AL-20260312-09"))


def silent_alert() -> OutMessage:
    """M4 of the message drafts."""
    spans: tuple[Span, ...] = (
        (
            "【黄色预警·数据中断】AL-20260312-03  民储库 V203(MTBE)液位计\n"
            "自 3月12日 14:31 起无数据(已 41 分钟)。最后有效读数:液位 7.412米、29.6℃,折 412.8吨。\n"
        ),
        at("ji"),
        " 30分钟内恢复或人工检尺上报(须附尺读照片)",
    )
    return OutMessage(spans=spans, buttons=buttons("AL-20260312-03"))


def all_clear() -> OutMessage:
    """A shortened M12."""
    return OutMessage(
        spans=("【解除】AL-20260312-02  民储库 V210 数据中断\n已恢复 10 分钟,恢复前后货量一致。历时 26 分钟。",)
    )


ANSWER = (
    "在。56 罐 24 种货,认可货值 1.1987亿元(3月12日 15:12,98.2%为新鲜读数,最旧 41 分钟)。\n"
    "低于监管线 1.2052亿元 64.06万元,高于处置线 1.0634亿元 1,353.29万元。\n未结预警 3 条(红1橙1黄1)。"
)
