"""Who is in a Telegram group: the number without the bot, its administrators, and of each bound person whether they are there."""

import pytest

from domain.errors import SourceAbsent, SourceUnavailable
from domain.message import Address
from tests.fakes import bot_api_faults as faults
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.bot_api_world import BOT_ID
from tests.fakes.channel_stage import telegram_channel

GROUP, ZHAO, LI, STRANGER = -1001, 11, 12, 777
HERE = Address(platform="telegram", id=str(GROUP))


@pytest.fixture
async def api():
    async with FakeBotApi() as serving:
        serving.world.group(GROUP, members=(ZHAO, STRANGER))
        serving.world.owners[GROUP] = {STRANGER, BOT_ID}
        yield serving


@pytest.fixture
async def channel(api):
    talking = telegram_channel(api)
    yield talking
    await talking.close()


async def test_everybody_there_is_counted_and_the_bound_are_found_one_by_one(channel):
    crowd = await channel.crowd(HERE, [str(ZHAO), str(LI)])
    assert (crowd.members, crowd.present, crowd.admins) == (2, {str(ZHAO)}, {str(STRANGER)})


async def test_an_id_that_telegram_never_heard_of_is_not_there(api, channel):
    api.world.unheard_of.add(LI)
    assert (await channel.crowd(HERE, [str(ZHAO), str(LI)])).present == {str(ZHAO)}


async def test_a_group_that_threw_the_bot_out_cannot_be_known(api, channel):
    api.fail_next(faults.KICKED, method="getChatMemberCount")
    with pytest.raises(SourceAbsent):
        await channel.crowd(HERE, [str(ZHAO)])


async def test_a_group_that_is_not_there_cannot_be_known(channel):
    with pytest.raises(SourceAbsent):
        await channel.crowd(Address(platform="telegram", id="-9"), [str(ZHAO)])


async def test_a_lost_line_may_pass(api, channel):
    with api.unplugged(), pytest.raises(SourceUnavailable):
        await channel.crowd(HERE, [str(ZHAO)])
