"""How the program itself runs, as ``xiaoliuzi.toml`` says. Secrets are not here: they come from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
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
