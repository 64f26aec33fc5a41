"""All levers, in the order in which a person sees them."""

from __future__ import annotations

from depot.levers.cargo import CARGO_LEVERS
from depot.levers.gauges import GAUGE_LEVERS
from depot.levers.lever import Lever
from depot.levers.market import MARKET_LEVERS
from depot.levers.orders import ORDER_LEVERS

LEVERS: dict[str, Lever] = {
    lever.name: lever for lever in (*CARGO_LEVERS, *GAUGE_LEVERS, *MARKET_LEVERS, *ORDER_LEVERS)
}
