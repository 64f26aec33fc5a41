"""What is wrong with a request, as a value: where, what was seen, what to do instead (RFC 9457 problem details)."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import JSONResponse, Response

from domain.event import Json

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One mistake in a request. place: a JSON pointer into the body ('' for all of it), or 'header X', 'query X'."""

    place: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a request is not served; ``code`` is stable for machines. retry_after_s: when it may pass."""

    status: HTTPStatus
    code: str
    faults: tuple[Fault, ...]
    retry_after_s: int | None = None

    def as_json(self) -> Json:
        """The body of the answer: the first fault for people, all of them for machines."""
        first = self.faults[0]
        return {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "code": self.code,
            "detail": first.detail,
            "remedy": first.remedy,
            "faults": [{"place": f.place, "detail": f.detail, "remedy": f.remedy} for f in self.faults],
        }

    def response(self) -> Response:
        """The HTTP answer."""
        headers = {"retry-after": str(self.retry_after_s)} if self.retry_after_s is not None else {}
        if self.status is HTTPStatus.UNAUTHORIZED:
            headers["www-authenticate"] = "Bearer"
        return JSONResponse(self.as_json(), status_code=self.status, headers=headers, media_type=MEDIA_TYPE)


def problem(
    status: HTTPStatus, code: str, *, place: str, detail: str, remedy: str, retry_after_s: int | None = None
) -> Problem:
    """A problem of one fault."""
    fault = Fault(place=place, detail=detail, remedy=remedy)
    return Problem(status=status, code=code, faults=(fault,), retry_after_s=retry_after_s)
