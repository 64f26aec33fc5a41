"""Distributions as lines of text: n, p50, p95, p99, max."""

from collections.abc import Sequence


def quantile(sorted_values: Sequence[float], q: float) -> float:
    """The value below which a share q of the values lies (nearest rank)."""
    return sorted_values[min(len(sorted_values) - 1, round(q * (len(sorted_values) - 1)))]


def spread(name: str, values: Sequence[float], unit: str = "ms") -> str:
    """One line: name, count, median, p95, p99, maximum."""
    if not values:
        return f"{name:<34} n=0"
    v = sorted(values)
    return (
        f"{name:<34} n={len(v):<6} p50={quantile(v, 0.50):9.1f}  p95={quantile(v, 0.95):9.1f}  "
        f"p99={quantile(v, 0.99):9.1f}  max={v[-1]:9.1f}  {unit}"
    )
