"""``xiaoliuzi.toml`` as a person writes it, its checks, and the settings that come of it."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field

from datasources.workspace.api_file import ApiPart, build_api, check_api
from datasources.workspace.metering import MeteringPart, build_procedure
from datasources.workspace.model_file import ModelPart, build_model, check_model
from datasources.workspace.number import Minutes, Seconds, real, whole
from datasources.workspace.part import NODE, Part, Sheet
from datasources.workspace.questions_file import QuestionsPart, build_questions
from datasources.workspace.settings import (
    ConsoleSettings,
    LoanSource,
    LogLevel,
    PriceSource,
    RuleSettings,
    Settings,
    StoreSettings,
    TelegramSettings,
)
from datasources.workspace.word import Flag, Host, Id, Label, RelativePath, Url, one_of
from domain.alarm import REMIND_S
from domain.contract import Severity

FILE = "xiaoliuzi.toml"
TELEGRAM_API = "https://api.telegram.org/bot"
LEVELS: Mapping[str, LogLevel] = {"debug": "debug", "info": "info", "warning": "warning", "error": "error"}
KINDS: Mapping[str, Literal["http", "csv"]] = {"http": "http", "csv": "csv"}


class ProcessPart(Part):
    """[process]."""

    log_level: Annotated[LogLevel, one_of(LEVELS)] = "info"


class StorePart(Part):
    """[store]."""

    series: RelativePath = "state/series.duckdb"
    ledger: RelativePath = "state/ledger.duckdb"
    flush_s: Seconds = 5.0
    keep_days: Annotated[int, whole(low=1, high=3650)] = 14


class ConsolePart(Part):
    """[console]."""

    host: Host = "127.0.0.1"
    port: Annotated[int, whole(low=0, high=65_535)] = 8080


class TelegramPart(Part):
    """[telegram]."""

    enabled: Flag = False
    base_url: Url = TELEGRAM_API


class PriceSourcePart(Part):
    """[[prices]]."""

    id: Id = Field(description="a short id, e.g. quotes")
    kind: Annotated[Literal["http", "csv"], one_of(KINDS)] = Field(description="http or csv")
    url: Url | None = None
    path: RelativePath | None = None
    poll_s: Annotated[float, real(low=1, high=86_400, unit="seconds")] = 30.0
    refs: tuple[Label, ...] = ()


class LoanSourcePart(Part):
    """[[loans]]."""

    id: Id = Field(description="a short id, e.g. core-bank")
    url: Url = Field(description='where it answers, e.g. "http://10.0.0.6:8080/balances"')
    poll_s: Annotated[float, real(low=1, high=86_400, unit="seconds")] = 300.0


class RemindPart(Part):
    """[rules.remind_minutes]."""

    yellow: Minutes = REMIND_S[Severity.YELLOW] / 60
    orange: Minutes = REMIND_S[Severity.ORANGE] / 60
    red: Minutes = REMIND_S[Severity.RED] / 60


class RulesPart(Part):
    """[rules]."""

    remind_minutes: RemindPart | None = None


class SettingsFile(Part):
    """The whole file."""

    NEEDED: ClassVar[Mapping[str, str]] = {"prices": "at least one [[prices]] source, with id, kind and url or path"}
    process: ProcessPart | None = None
    store: StorePart | None = None
    console: ConsolePart | None = None
    telegram: TelegramPart | None = None
    prices: tuple[PriceSourcePart, ...] = ()
    loans: tuple[LoanSourcePart, ...] = ()
    rules: RulesPart | None = None
    metering: MeteringPart | None = None
    api: ApiPart | None = None
    model: ModelPart | None = None
    questions: QuestionsPart | None = None

    @property
    def telegram_enabled(self) -> bool:
        """Whether people are also reached on Telegram."""
        return self.telegram is not None and self.telegram.enabled


def check_settings(sheet: Sheet[SettingsFile]) -> None:
    """Loopback, two different stores, a token that does not travel in clear, price sources that name their place."""
    file = sheet.part
    if file.console is not None and not is_loopback(file.console.host):
        wrong = f"{file.console.host} can be reached from other machines, and the console has no sign-in"
        instead = 'write host = "127.0.0.1"; let a proxy with a sign-in stand before it'
        sheet.error(file.console, "host", wrong=wrong, instead=instead)
    if file.api is not None:
        port = file.console.port if file.console is not None else ConsolePart.model_fields["port"].default
        check_api(sheet, file.api, loopback=is_loopback(file.api.host), console_port=port)
    if file.store is not None and file.store.series == file.store.ledger:
        sheet.error(file.store, "ledger", wrong="is the series' file", instead="write two different files")
    if file.telegram is not None:
        parts = urlsplit(file.telegram.base_url)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            wrong = "the bot's token would travel in clear"
            sheet.error(file.telegram, "base_url", wrong=wrong, instead=f"write https, e.g. {TELEGRAM_API}")
    if file.model is not None:
        host = urlsplit(file.model.base_url or "").hostname or ""
        check_model(sheet, file.model, loopback=is_loopback(host))
    _check_ids(sheet, file.prices)
    _check_ids(sheet, file.loans)
    for source in file.prices:
        _check_source(sheet, source)


def _check_ids(sheet: Sheet[SettingsFile], sources: tuple[PriceSourcePart, ...] | tuple[LoanSourcePart, ...]) -> None:
    seen: set[str] = set()
    for source in sources:
        if source.id in seen:
            sheet.error(source, "id", wrong=f"source {source.id!r} is there twice", instead="write another id")
        seen.add(source.id)


def _check_source(sheet: Sheet[SettingsFile], source: PriceSourcePart) -> None:
    key, other = ("url", "path") if source.kind == "http" else ("path", "url")
    if getattr(source, key) is None:
        example = 'url = "http://10.0.0.5:8080/prices"' if key == "url" else 'path = "prices/daily.csv"'
        sheet.error(source, key, wrong=f"is missing for kind {source.kind}", instead=f"write {example}")
    if getattr(source, other) is not None:
        sheet.error(
            source, other, wrong=f"does not belong to kind {source.kind}", instead="delete it, or correct the kind"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def build_settings(sheet: Sheet[SettingsFile], csv_refs: Mapping[str, frozenset[str]]) -> Settings:
    """The settings with every default filled in. ``csv_refs``: the references found in each CSV file, by path."""
    file, node = sheet.part, {NODE: sheet.part.node}
    store = file.store or StorePart.model_validate(node)
    console = file.console or ConsolePart.model_validate(node)
    telegram = file.telegram or TelegramPart.model_validate(node)
    remind = (file.rules and file.rules.remind_minutes) or RemindPart.model_validate(node)
    return Settings(
        log_level=file.process.log_level if file.process is not None else "info",
        store=StoreSettings(series=store.series, ledger=store.ledger, flush_s=store.flush_s, keep_days=store.keep_days),
        console=ConsoleSettings(host=console.host, port=console.port),
        telegram=TelegramSettings(enabled=telegram.enabled, base_url=telegram.base_url),
        prices=tuple(_source(p, csv_refs) for p in file.prices),
        rules=RuleSettings(
            remind_s={
                Severity.YELLOW: remind.yellow * 60,
                Severity.ORANGE: remind.orange * 60,
                Severity.RED: remind.red * 60,
            }
        ),
        metering=build_procedure(file.metering),
        loans=tuple(LoanSource(id=p.id, url=p.url, poll_s=p.poll_s) for p in file.loans),
        api=build_api(file.api),
        model=build_model(file.model),
        questions=build_questions(file.questions),
    )


def _source(part: PriceSourcePart, csv_refs: Mapping[str, frozenset[str]]) -> PriceSource:
    refs = frozenset(part.refs) or (csv_refs.get(part.path) if part.path is not None else None)
    return PriceSource(
        id=part.id, kind=part.kind, location=part.url or part.path or "", poll_s=part.poll_s, refs=refs or None
    )
