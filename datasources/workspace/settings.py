"""How the program itself runs, as ``xiaoliuzi.toml`` says. Secrets are not here: they come from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from domain.contract import Severity
from domain.metering.procedure import Procedure

LogLevel = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Where memory lives, relative to the workspace, and how often readings are written.

    keep_days: every reading is kept so long, then minute rows.
    """

    series: str
    ledger: str
    flush_s: float
    keep_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSettings:
    """Where the web console listens; loopback only. Port 0: any free one."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """Where the interface for other programs listens: off unless enabled, in clear, TLS is a reverse proxy's.

    proxied: other machines may reach it, because such a proxy stands before it. per_minute, per_day: requests of one
    token.
    """

    enabled: bool = False
    host: str = "127.0.0.1"
    port: int = 8081
    proxied: bool = False
    per_minute: int = 60
    per_day: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """The Telegram channel; its token comes from TELEGRAM_BOT_TOKEN."""

    enabled: bool
    base_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSource:
    """A price feed (``location`` is its URL) or a CSV file (a path relative to the workspace).

    refs: the price references that it serves; None when only the feed knows.
    """

    id: str
    kind: Literal["http", "csv"]
    location: str
    poll_s: float
    refs: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanSource:
    """A feed of loan balances and the seconds between two looks."""

    id: str
    url: str
    poll_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSettings:
    """remind_s: pause between reminders of an unanswered alert, by severity."""

    remind_s: Mapping[Severity, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """An OpenAI-compatible endpoint that helps to understand questions (docs/model.md).

    internal: the lender's own, which may read answers; any other gets only the question without its names and figures.
    fallback: a second model of the same endpoint. calls, tokens, seconds: at most so many for one question.
    """

    base_url: str
    name: str
    fallback: str | None = None
    internal: bool = False
    stream: bool = False
    key_variable: str = "OPENAI_API_KEY"
    calls: int = 4
    tokens: int = 30_000
    seconds: float = 20.0
    cny_per_million_in: Decimal = Decimal(0)
    cny_per_million_out: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSettings:
    """Answers that one person, and one chat, gets in an hour. Alarms and presses are never counted.

    security_contact: the person who is told when somebody unknown reads along in a chat.
    """

    per_person: int = 60
    per_chat: int = 240
    security_contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything of ``xiaoliuzi.toml``."""

    log_level: LogLevel
    store: StoreSettings
    console: ConsoleSettings
    telegram: TelegramSettings
    prices: tuple[PriceSource, ...]
    rules: RuleSettings
    metering: Procedure
    loans: tuple[LoanSource, ...] = ()
    api: ApiSettings = field(default_factory=ApiSettings)
    model: ModelSettings | None = None
    questions: QuestionSettings = field(default_factory=QuestionSettings)
