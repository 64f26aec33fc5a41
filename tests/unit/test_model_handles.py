"""What leaves for a foreign endpoint: no name, no figure, no number of anything; and handles come back as the asker's words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model.handles import Handles, Known
from tests.fakes.house_ground import ground, write_ground

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    directory = tmp_path_factory.mktemp("handles") / "w"
    write_ground(Path(directory), NOW)
    return Known.of(ground(directory, NOW)[0])


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        ("T-1 还有多少", "«罐1» 还有多少"),
        ("Ｔ－１ 和 S-1 比呢", "«罐1» 和 «罐2» 比呢"),
        ("T-1 比昨天的 T-1 少吗", "«罐1» 比昨天的 «罐1» 少吗"),
        ("恒运池的甲醇", "«项目1»的«品种1»"),
        ("海川池呢", "«项目1»呢"),
        ("A-1 和 B-1", "«项目1» 和 «项目2»"),
        ("赵总说的对吗", "«人1»说的对吗"),
        ("老钱、张经理、小王在吗", "«人1»、«人2»、«人3»在吗"),
        ("青岛某某化工有限公司的货", "«机构1»的货"),
        ("打 13812345678 找人", "打 «数1» 找人"),
        ("0532-88887777", "«数1»"),
        ("鲁B12345 出去了吗", "«车1» 出去了吗"),
        ("鲁B·1234K 和鲁B·1234K", "«车1» 和«车1»"),
        ("CD-0087 到期没", "«编号1» 到期没"),
        ("T-999 呢", "«编号1» 呢"),
        ("107号罐", "«数1»号罐"),
        ("再提500吨会破线吗", "再提«数1»吨会破线吗"),
        ("1,234.5吨、95%", "«数1»吨、«数2»"),
        ("3月12日 14:30 的货值", "3月12日 14:30 的货值"),
        ("昨天17点、近7天", "昨天17点、近7天"),
        ("发 a.b@c.com 或 @somebody", "发 «编号1» 或 «编号2»"),
        ("limit 是多少", "limit 是多少"),
        ("鲁B 挂5678 和 鲁,B,D1234", "«车1» 和 «车2»"),
        ("鲁B一二三四五、鲁B五六七八挂", "«车1»、«车2»"),
        ("T一107 和 T幺零三", "«编号1» 和 «编号2»"),
        ("Q D - D C Z Y", "«编号1»"),
        ("haitian.com.cn、haitian点com", "«编号1»、«编号2»"),
        ("«罐9»呢", "罐«数1»呢"),
    ],
)
def test_names_and_numbers_leave_as_handles(known: Known, said: str, leaves: str) -> None:
    assert Handles(known).hide(said) == leaves


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        ("再提五百吨甲醇会破线吗", "再提«数1»吨«品种1»会破线吗"),
        ("货值掉到两千三百万、五点五亿、贰仟万", "货值掉到«数1»、«数2»、«数3»"),
        ("一号罐和二号罐", "«数1»号罐和«数2»号罐"),
        ("跌了百分之五,提三吨", "跌了«数1»,提«数2»吨"),
        ("電話一三八一二三四五六七八", "電話«数1»"),
        ("1380-01-15", "«数1»"),
        ("三月十二日下午三点半、近三天、2026-03-12", "三月十二日下午三点半、近三天、2026-03-12"),
        ("万一一直跌,一共多少", "万一一直跌,一共多少"),
        ("廿万,卅吨,俩百万,仨亿", "«数1»,«数2»吨,«数3»,«数4»"),
        ("十几个亿,两个亿,三百多万", "«数1»,«数2»,«数3»"),
        ("Ⅷ百吨,㈤百吨,弍百吨,叄佰吨", "«数1»吨,«数2»吨,«数3»吨,«数4»吨"),
        ("五、百吨,五O零吨,一○七罐", "«数1»吨,«数2»吨,«数3»罐"),
        ("幺三八零零幺三八", "«数1»"),
        ("three hundred tons, half a million", "«数1» tons, «数2»"),
        ("one three eight, three tons", "«数1», «数2» tons"),
        ("20:26万,8日元,五点十分之三", "«数1»:«数2»,«数3»日元,«数4»"),
        ("我们俩看看,这俩怎么样,老幺", "我们俩看看,这俩怎么样,老幺"),
        ("which one is it, in half an hour", "which one is it, in half an hour"),
        ("今晚十二点之前,20:26到,20:30.", "今晚十二点之前,20:26到,20:30."),
    ],
)
def test_figures_in_words_leave_as_handles_and_times_stay(known: Known, said: str, leaves: str) -> None:
    assert Handles(known).hide(said) == leaves


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        ("恒 运 池的甲 醇", "«项目1»的«品种1»"),
        ("恆運池怎么样", "«项目1»怎么样"),
        ("恒\ufe0f运池", "«项目1»"),
        ("恒云池", "«项目1»"),
        ("hengyun chi 和 HENGYUN池", "«项目1» 和 «项目2»"),
        ("港储还有多少", "«库区1»还有多少"),
        ("趙總說的", "«人1»說的"),
        ("老 赵、王建国女士", "«人1»、«人2»"),
        ("青島某某化工集團", "«机构1»"),
        ("恒ㅤ运池", "«项目1»"),
        ("héng yùn chí", "«项目1»"),
        ("甲行的,乙行的", "«机构1»的,«机构2»的"),
        ("粵B12345 和 鲁 B 12345", "«车1» 和 «车2»"),
        ("QD-DCZY-2025-011 和 wxid_abc", "«编号1» 和 «编号2»"),
        ("身份证37020219900101123X", "身份证«数1»"),
    ],
)
def test_a_name_leaves_as_a_handle_however_it_is_written(known: Known, said: str, leaves: str) -> None:
    assert Handles(known).hide(said) == leaves


def test_a_handle_means_again_what_the_asker_wrote(known: Known) -> None:
    handles = Handles(known)
    hidden = handles.hide("恒运池的 T-1 和 107号罐,再提500吨")
    assert handles.show(hidden) == "恒运池的 T-1 和 107号罐,再提500吨"


def test_a_handle_that_was_never_given_means_nothing(known: Known) -> None:
    handles = Handles(known)
    handles.hide("T-1")
    assert handles.show("«罐2» «罐1» «人1»") == "«罐2» T-1 «人1»"


def test_handles_of_one_question_mean_nothing_in_another(known: Known) -> None:
    first, second = Handles(known), Handles(known)
    first.hide("T-1")
    second.hide("S-1")
    assert second.show("«罐1»") == "S-1"


def test_every_name_of_every_lender_is_hidden(known: Known) -> None:
    for name, _ in known.names:
        left = Handles(known).hide(f"问 {name} 的事")
        assert name.lower() not in left.lower(), left
        assert "«" in left
