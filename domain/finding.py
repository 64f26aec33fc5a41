"""What a rule says about now: a breach, or that it cannot tell. Silence means that the condition is clear."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.contract import AlertKind, Severity
from domain.event import Json


class Standing(StrEnum):
    """A breach raises an alarm; unknown neither raises one nor lets an open one return."""

    BREACH = "breach"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One judged condition of one contract.

    subject: 'pool', a tank id, a site id or a price ref. site: where it lies, if anywhere. data_at: the time of the data, not of the judgement.
    facts: JSON values, units in the names, Decimals as strings, never rounded across the line they were judged by.
    """

    rule: str
    contract_id: str
    kind: AlertKind
    subject: str
    severity: Severity
    standing: Standing
    data_at: datetime
    facts: Json
    site: str | None = None

    @property
    def key(self) -> str:
        """One open alarm at most per key."""
        return alarm_key(self.contract_id, self.kind, self.subject)


def alarm_key(contract_id: str, kind: AlertKind, subject: str) -> str:
    """The identity of a condition: contract, kind and subject."""
    return f"{contract_id}|{kind}|{subject}"
