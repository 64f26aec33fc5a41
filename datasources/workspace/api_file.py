"""[api] of ``xiaoliuzi.toml``: where other programs ask, its checks, and the settings that come of it."""

from typing import Annotated, Any

from datasources.workspace.number import whole
from datasources.workspace.part import Part, Sheet
from datasources.workspace.settings import ApiSettings
from datasources.workspace.word import Flag, Host


class ApiPart(Part):
    """[api]."""

    enabled: Flag = False
    host: Host = "127.0.0.1"
    port: Annotated[int, whole(low=0, high=65_535)] = 8081
    proxied: Flag = False
    per_minute: Annotated[int, whole(low=1, high=6000)] = 60
    per_day: Annotated[int, whole(low=1, high=1_000_000)] = 10_000


def check_api(sheet: Sheet[Any], api: ApiPart, *, loopback: bool, console_port: int) -> None:
    """Tokens never travel in clear between machines, and the console keeps its port. loopback: of the api's host."""
    if not loopback and not api.proxied:
        wrong = f"{api.host} can be reached from other machines, and tokens would travel in clear"
        instead = 'write host = "127.0.0.1", or proxied = true once only a proxy with TLS can reach it'
        sheet.error(api, "host", wrong=wrong, instead=instead)
    if api.enabled and api.port == console_port != 0:
        sheet.error(api, "port", wrong=f"{api.port} is the console's port", instead="write another one, e.g. 8081")


def build_api(part: ApiPart | None) -> ApiSettings:
    """The settings with every default filled in."""
    if part is None:
        return ApiSettings()
    return ApiSettings(
        enabled=part.enabled,
        host=part.host,
        port=part.port,
        proxied=part.proxied,
        per_minute=part.per_minute,
        per_day=part.per_day,
    )
