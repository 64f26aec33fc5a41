"""Time never falls, and never stands still."""

from datetime import UTC, datetime, timedelta

from bot.clock import Clock

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)


class Machine:
    """A wall clock and a monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.wall, self.mono = NOON, 0.0

    def passes(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.mono += seconds

    def clock(self, floor: datetime | None = None) -> Clock:
        return Clock(lambda: self.wall, floor=floor, monotonic_s=lambda: self.mono)


def test_it_follows_the_machine() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.passes(5)
    assert clock.now() == NOON + timedelta(seconds=5)


def test_after_a_step_back_it_goes_on_from_where_it_was() -> None:
    machine = Machine()
    clock = machine.clock()
    clock.now()
    machine.wall -= timedelta(hours=1)
    assert clock.now() == NOON
    machine.passes(30)
    assert clock.now() == NOON + timedelta(seconds=30)
    machine.passes(30)
    assert clock.now() == NOON + timedelta(seconds=60)


def test_when_the_machine_has_caught_up_it_is_followed_again() -> None:
    machine = Machine()
    clock = machine.clock()
    clock.now()
    machine.wall -= timedelta(seconds=10)
    machine.passes(4)
    assert clock.now() == NOON + timedelta(seconds=4)
    machine.wall += timedelta(minutes=1)
    assert clock.now() == machine.wall


def test_a_start_never_goes_below_what_was_recorded() -> None:
    machine = Machine()
    clock = machine.clock(floor=NOON + timedelta(hours=2))
    assert clock.now() == NOON + timedelta(hours=2)
    machine.passes(1)
    assert clock.now() == NOON + timedelta(hours=2, seconds=1)


def test_a_step_back_is_told_once_and_again_after_the_next() -> None:
    machine = Machine()
    clock = machine.clock()
    clock.now()
    machine.wall -= timedelta(seconds=30)
    assert clock.stepped_back() == timedelta(seconds=30)
    assert clock.stepped_back() is None
    machine.wall += timedelta(seconds=60)
    assert clock.stepped_back() is None
    machine.wall -= timedelta(seconds=90)
    assert clock.stepped_back() == timedelta(seconds=90)
