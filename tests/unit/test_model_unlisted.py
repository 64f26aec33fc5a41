"""Who is in no list leaves as a handle too: persons and firms by what their names look like; and ordinary words stay."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model.handles import Handles, Known
from tests.fakes.house_ground import ground, write_ground

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    directory = tmp_path_factory.mktemp("unlisted") / "w"
    write_ground(Path(directory), NOW)
    return Known.of(ground(directory, NOW)[0])


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        ("张伟刚打电话", "«人1»打电话"),
        ("问下李秀英", "问下«人1»"),
        ("欧阳娜说的对吗", "«人1»说的对吗"),
        ("找刘国强签字", "找«人1»签字"),
        ("赵六去了没", "«人1»去了没"),
        ("王翀在不在", "«人1»在不在"),
        ("张伟明天来", "«人1»明天来"),
        ("找高明远签字,和方晓东对账", "找«人1»签字,和«人2»对账"),
        ("昨天王建平量的尺", "昨天«人1»量的尺"),
        ("你好 陈涛 在吗", "你好 «人1» 在吗"),
        ("张三丰,李四光到了", "«人1»,«人2»到了"),
        ("白总不同意,老于头看门", "«人1»不同意,«人2»看门"),
        ("陳偉說的對嗎", "«人1»說的對嗎"),
        ("司马相如", "«人1»"),
        ("王*理来了,李某某呢", "«人1»来了,«人2»呢"),
    ],
)
def test_a_person_in_no_list_leaves_as_a_handle(known: Known, said: str, leaves: str) -> None:
    assert Handles(known).hide(said) == leaves


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        ("让小红看看", "让«人1»看看"),
        ("阿强来了没", "«人1»来了没"),
        ("老刘头呢", "«人1»呢"),
        ("叫芳姐和强哥过来", "叫«人1»和«人2»过来"),
        ("吴会计、马队、郑律师", "«人1»、«人2»、«人3»"),
        ("仝总说的,问佘经理", "«人1»说的,问«人2»"),
        ("风控陈说不行", "风控«人1»说不行"),
        ("周sir、王Manager", "«人1»、«人2»"),
        ("王jl说的,问李zg", "«人1»说的,问«人2»"),
    ],
)
def test_so_does_one_who_is_only_called_by_a_part_of_a_name(known: Known, said: str, leaves: str) -> None:
    assert Handles(known).hide(said) == leaves


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        ("海天石化的货还在吗", "«机构1»的货还在吗"),
        ("问下中化仓储", "问下«机构1»"),
        ("宁波港油库那边怎么说", "«机构1»那边怎么说"),
        ("长江物流和鑫源贸易比呢", "«机构1»和«机构2»比呢"),
        ("昨天恒信国际贸易来提货了", "昨天«机构1»来提货了"),
        ("海天贸易商行的货", "«机构1»的货"),
        ("HY化工的货", "«机构1»的货"),
        ("中石化的货,工行催了", "«机构1»的货,«机构2»催了"),
    ],
)
def test_a_firm_in_no_list_leaves_without_a_legal_suffix_too(known: Known, said: str, leaves: str) -> None:
    assert Handles(known).hide(said) == leaves


@pytest.mark.parametrize(
    "said",
    [
        "高温预警什么时候解除",
        "金额对不对,方案有没有",
        "成本多少,余额够不够",
        "平仓线离多远,安全垫厚不厚",
        "周末有没有进货,上周刚还了款",
        "马上要开会,给个准话",
        "小票和小数点怎么看,小明细也要",
        "液位计正常吗,沥青罐温正常吗",
        "仓储费谁出,油库存还剩多少",
        "做大宗贸易的,进口贸易怎么算",
        "别在群里发,钱进来再说",
        "石油价涨了没,化工品各占多少",
        "盘点完毕 十四个罐全部相符",
        "账单何时出,今天物流正常吗",
        "施工行不行,运行中行不行,进行开工行为检查",
        "陈旧的风控陈述,苯乙烯总重,一行一行列出来",
        "鲁B那三台车,L车",
    ],
)
def test_ordinary_words_stay_as_they_are(known: Known, said: str) -> None:
    assert "«人" not in Handles(known).hide(said)
    assert "«机构" not in Handles(known).hide(said)


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        ("恒,运池怎么样", "«项目1»怎么样"),
        ("恒,运。池怎么样", "«项目1»怎么样"),
        ("恒*运*池的甲/醇", "«项目1»的«品种1»"),
        ("恒😀运😀池", "«项目1»"),
        ("恒_运-池、恒·运·池", "«项目1»、«项目2»"),
        ("恒*云*池", "«项目1»"),
        ("恒*运*池和恒,运池", "«项目1»和«项目2»"),
        ("T/1 呢", "«罐1» 呢"),
        ("T.*1", "«罐1»"),
        ("张.伟说的", "«人1»说的"),
        ("海*天*石*化的货", "«机构1»的货"),
    ],
)
def test_signs_inside_of_a_name_do_not_let_it_out(known: Known, said: str, leaves: str) -> None:
    assert Handles(known).hide(said) == leaves


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        ("Zhang Wei到了吗", "«编号1» «编号2»到了吗"),
        ("Zhang Price told me", "«编号1» «编号2» told me"),
        ("Sinopec的货,hyc怎么样", "«编号1»的货,«编号2»怎么样"),
        ("微信zhangwei", "微信«编号1»"),
        ("wu bai dun", "«编号1» «编号2» «编号3»"),
    ],
)
def test_a_latin_name_in_no_list_leaves_as_a_handle(known: Known, said: str, leaves: str) -> None:
    assert Handles(known).hide(said) == leaves


@pytest.mark.parametrize(
    "said",
    [
        "how much product is left in the tank, and what's it worth?",
        "LTV多少,MTBE报价,report发我,导出excel",
        "can you show me yesterday's alarms, I'm waiting for the readings",
        "is the value below the margin call, the figures seem wrong",
    ],
)
def test_english_words_stay_as_they_are(known: Known, said: str) -> None:
    assert Handles(known).hide(said) == said


def test_signs_between_two_names_make_no_third_of_them(known: Known) -> None:
    assert Handles(known).hide("T-1/S-1,甲醇/恒运池") == "«罐1»/«罐2»,«品种1»/«项目1»"


@pytest.mark.parametrize(
    "said", ["恒*运*池的货", "T/1 和张.伟", "恒,运池", "问下李秀英,海天石化呢", "你好 陈涛 在吗", "Zhang Wei和王jl"]
)
def test_a_handle_means_again_what_was_written_signs_and_all(known: Known, said: str) -> None:
    handles = Handles(known)
    assert handles.show(handles.hide(said)) == said
