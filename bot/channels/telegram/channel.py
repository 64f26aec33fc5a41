"""The Telegram channel: sends, edits, hears. Finds nothing out about contracts and writes no word of its own."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from telegram import LinkPreviewOptions, MessageEntity, Update, User
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.compose import Composed, compose, keyboard, mentioned, units
from bot.channels.telegram.connection import Timing, connect
from bot.channels.telegram.crowd import crowd
from bot.channels.telegram.inbound import inbound_of
from bot.channels.telegram.outcome import is_captioned, is_unchanged, outcome_of
from bot.channels.telegram.photo import CAPTION, edit_caption, replying, send_after, send_photo
from bot.channels.telegram.polling import Poller
from bot.ports import ChannelNotice
from domain.errors import SourceUnavailable
from domain.message import Address, Caps, Crowd, Inbound, NotSent, OutMessage, SendResult, Sent

_log = logging.getLogger(__name__)

# The Bot API documents 4096 and the FAQ 1/s per chat, 20/min per group, 30/s in all; only the first 5 of a message's
# mentions notify (tginfo/Telegram-Limits, 2026-08-19)
CAPS = Caps(
    text_limit=4096,
    mentions_notified=5,
    can_edit=True,
    per_chat_seconds=1.0,
    per_chat_per_minute=20,
    per_second=30,
)
_KINDS = ("message", "callback_query", "my_chat_member", "chat_member")
_PRESS_ANSWER = 200  # characters, Bot API answerCallbackQuery
_ANSWERING_S = 5.0  # a press that was not answered so soon has lost its person anyway
_CLOSING_S = 2.0
_DEFAULT = Timing()


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class TelegramChannel:
    """One bot account.

    token: from the environment only. cut_mark: words that end a text cut at Telegram's limit. base_url: with or
    without /bot at its end, for a local Bot API server. commands: (name, description) for the clients' command menu.
    now: aware UTC, the bot's own clock.
    """

    platform = "telegram"
    caps = CAPS

    def __init__(
        self,
        token: str,
        *,
        cut_mark: str,
        base_url: str = "https://api.telegram.org/bot",
        commands: Sequence[tuple[str, str]] = (),
        now: Callable[[], datetime] = _wall_clock,
        timing: Timing = _DEFAULT,
    ) -> None:
        self._base_url = base_url
        self._cut_mark = cut_mark
        self._now = now
        self._commands = commands
        self._timing = timing
        self._wire = connect(token=token, base_url=base_url, timing=timing)
        self._poller = Poller(fetch=self._fetch, translate=self._translate, timing=timing)
        self._me: User | None = None
        self._polled: int | None = None
        self._heard_at = now()
        self._closed = False

    def __repr__(self) -> str:
        """Without the token."""
        return f"TelegramChannel(base_url={self._base_url!r})"

    @property
    def malformed(self) -> int:
        """Updates that could not be read and were skipped, since the start."""
        return self._poller.malformed

    async def start(self) -> list[ChannelNotice]:
        """Meet the server; what an operator should know, by code:

        privacy_mode_on (username): ordinary group text is hidden from the bot, only commands, mentions and replies
        arrive; remedy: @BotFather /setprivacy, then add the bot to the group again. groups_forbidden (username):
        nobody can add it to a group; remedy: @BotFather /setjoingroups. unreachable (base_url, why): it may pass, and
        ``events`` then makes up for it. Raises SourceUnavailable, with the remedy, for a token that is refused.
        """
        try:
            return _notices(await self._introduced())
        except InvalidToken as error:
            if error.__cause__ is not None:  # a page from a proxy in between, not Telegram's word
                return [self._unreachable(error)]
            raise SourceUnavailable(
                f"Bot API at {self._base_url!r} refuses the bot's token: put the one that @BotFather gave into "
                "TELEGRAM_BOT_TOKEN"
            ) from error
        except TelegramError as error:
            return [self._unreachable(error)]

    async def send(self, to: Address, message: OutMessage, addresses: Mapping[str, Address]) -> SendResult:
        """Send ``message``, or put it in the place of the one it edits (which notifies nobody).

        Raises ValueError, before anything is sent, for what only a bug of ours can ask: too many to notify in one
        message, too long a button token, an address of another platform, a picture without its bytes.
        """
        if to.platform != self.platform:
            raise ValueError(f"address of platform {to.platform!r}, allowed {self.platform!r}")
        if message.picture is not None and message.picture.png is None:
            raise ValueError(f"picture {message.picture.sha256[:12]} without its bytes")
        composed = compose(message, addresses, caps=self.caps, cut_mark=self._cut_mark)
        if self._closed:
            return NotSent(why="channel closed")
        try:
            if message.edits is not None:
                return await self._edit(to, message, addresses, ref=message.edits)
            return await self._post(to, message, composed)
        except TelegramError as error:
            if message.edits is not None and is_unchanged(error):
                return Sent(ref=message.edits)
            return outcome_of(error)

    def events(self) -> AsyncIterator[Inbound]:
        """What people do, for ever. The platform keeps each event until ``done``; one consumer at a time."""
        return self._poller.events()

    async def done(self, inbound: Inbound) -> None:
        """The consumer has committed the event: it will not come again."""
        self._poller.done(inbound.event_id)

    async def aside(self, inbound: Inbound) -> None:
        """The event takes a while: what follows is asked for before it is done."""
        self._poller.aside(inbound.event_id)

    async def answer_press(self, inbound: Inbound, text: str) -> None:
        """Stop the button's spinner with a line of at most 200 characters. Best effort: it is no notice to anybody."""
        if inbound.callback is None:
            raise ValueError(f"event {inbound.event_id!r} of kind {inbound.kind!r} is no press")
        try:
            await self._wire.bot.answer_callback_query(
                inbound.callback, text=text[:_PRESS_ANSWER], read_timeout=_ANSWERING_S
            )
        except TelegramError as error:
            _log.info("telegram.press_unanswered event=%s why=%s", inbound.event_id, type(error).__name__)

    async def crowd(self, chat: Address, people: Sequence[str]) -> Crowd:
        """Who is in a group. Raises SourceAbsent where Telegram refuses to say, SourceUnavailable where it may pass."""
        return await crowd(self._wire.bot, chat, people)

    async def close(self) -> None:
        """Tell the server what is done, as far as it listens, and close every socket. Stop the consumer first."""
        if self._closed:
            return
        self._closed = True
        offset = self._poller.offset
        if offset is not None and offset != self._polled:
            try:
                async with asyncio.timeout(_CLOSING_S):
                    await self._wire.bot.raw_updates(offset, wait_s=0, kinds=_KINDS)
            except (TelegramError, TimeoutError) as error:  # harmless: those events come again and are known
                _log.info("telegram.offset_unconfirmed why=%s", type(error).__name__)
        await self._wire.close()

    async def _post(self, to: Address, message: OutMessage, composed: Composed) -> Sent:
        shown = message.picture
        if shown is not None and units(composed.text) <= CAPTION:
            photo = await send_photo(self._wire.bot, to, message, shown, composed)
            self._check_heard(to, composed, photo.caption_entities)
            return Sent(ref=str(photo.message_id))
        sent = await self._wire.bot.send_message(
            to.id,
            composed.text,
            entities=composed.entities,
            reply_markup=keyboard(message.buttons),
            reply_parameters=replying(message.reply_to),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        self._check_heard(to, composed, sent.entities)
        if shown is not None:
            await send_after(self._wire.bot, to, shown, str(sent.message_id))
        return Sent(ref=str(sent.message_id))

    def _check_heard(self, to: Address, composed: Composed, entities: Sequence[MessageEntity]) -> None:
        unheard = composed.notifies - mentioned(tuple(entities))
        if unheard:  # the only trace that Telegram leaves of a mention it dropped
            _log.warning("telegram.mention_dropped chat=%s users=%s", to.id, ",".join(map(str, sorted(unheard))))

    async def _edit(self, to: Address, message: OutMessage, addresses: Mapping[str, Address], *, ref: str) -> Sent:
        composed = compose(message, addresses, caps=self.caps, cut_mark=self._cut_mark)
        try:
            await self._wire.bot.edit_message_text(
                composed.text,
                chat_id=to.id,
                message_id=int(ref),
                entities=composed.entities,
                reply_markup=keyboard(message.buttons),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as error:
            if not is_captioned(error):
                raise
            caption = compose(message, addresses, caps=replace(self.caps, text_limit=CAPTION), cut_mark=self._cut_mark)
            await edit_caption(self._wire.bot, to, message, caption, ref=ref)
        return Sent(ref=ref)

    async def _introduced(self) -> User:
        """Our own name, and a server ready for polling; asked once."""
        if self._me is None:
            me = await self._wire.bot.get_me()
            await self._wire.bot.delete_webhook()  # with a webhook set, getUpdates answers 409 for ever
            if self._commands:
                await self._wire.bot.set_my_commands(self._commands)
            self._me = me
        return self._me

    def _unreachable(self, error: TelegramError) -> ChannelNotice:
        return ChannelNotice(code="unreachable", facts={"base_url": self._base_url, "why": type(error).__name__})

    async def _fetch(self, offset: int | None) -> list[Any]:
        await self._introduced()
        self._polled = offset
        updates = await self._wire.bot.raw_updates(offset, wait_s=self._timing.poll_s, kinds=_KINDS)
        self._heard_at = self._now()
        return updates

    def _translate(self, raw: Any) -> list[Inbound]:
        assert self._me is not None  # _fetch came first
        return inbound_of(Update.de_json(raw), me=self._me, now=self._heard_at)


def _notices(me: User) -> list[ChannelNotice]:
    facts = {"username": me.username or ""}
    found = []
    if not me.can_read_all_group_messages:
        found.append(ChannelNotice(code="privacy_mode_on", facts=facts))
    if not me.can_join_groups:
        found.append(ChannelNotice(code="groups_forbidden", facts=facts))
    return found
