"""Times at the store's door: aware UTC outside, naive UTC in TIMESTAMP columns, int64 µs in arrays."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BEGINNING = datetime.min.replace(tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)


def stored(moment: datetime) -> datetime:
    """What a TIMESTAMP column keeps: UTC without a zone. Raises ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError(f"naive time {moment!r}: give it a time zone")
    return moment.astimezone(UTC).replace(tzinfo=None)


def stored_or_none(moment: datetime | None) -> datetime | None:
    """``stored``, where there may be no time at all."""
    return None if moment is None else stored(moment)


def aware(column: datetime) -> datetime:
    """The aware UTC time of a TIMESTAMP column."""
    return column.replace(tzinfo=UTC)


def aware_or_none(column: datetime | None) -> datetime | None:
    """``aware``, where the column is NULL for no time."""
    return None if column is None else aware(column)


def from_micros(us: int) -> datetime:
    """The aware UTC time of µs since 1970, exact."""
    return EPOCH + us * MICROSECOND
