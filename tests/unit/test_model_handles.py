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
        ("«罐9»呢", "罐«数1»呢"),
    ],
)
def test_names_and_numbers_leave_as_handles(known: Known, said: str, leaves: str) -> None:
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
