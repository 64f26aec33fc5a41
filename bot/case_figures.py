"""The figures of a request on one scene: alike where it is proposed, filed, and taken anew at a later step."""

from collections.abc import Iterable

from domain.alarm import Alarm
from domain.case.check import Ask, checked
from domain.contract import Severity
from domain.event import Json
from domain.notice import BANK_ONLY
from domain.scene import Scene


def figures(scene: Scene, ask: Ask, alarms: Iterable[Alarm]) -> Json:
    """As ``domain.case.check.checked``. alarms: the open ones of the contract. Raises CaseError without terms.

    A red alarm blocks. One that only the lender may know of is told apart, so that no other chat can tell it is there.
    """
    red = {a.kind in BANK_ONLY for a in alarms if a.severity is Severity.RED}
    live = [s for s in scene.receipts if s.state.live]
    return checked(
        scene.contract,
        scene.position,
        ask,
        cases=scene.cases,
        prices=scene.prices,
        blocked=False in red,
        held=True in red,
        covered={(s.receipt.no, tank): kg for s in live for tank, kg in s.pledged.items()},
    )
