"""Where the figures of a contract's tanks come from, by site: which gateways, which papers, and of when they are."""

from datetime import UTC, datetime

from bot.house import House
from domain.contract import Contract
from domain.scene import DepotPapers
from skills.ports import SiteFeed


def site_feeds(house: House, contract: Contract) -> tuple[SiteFeed, ...]:
    """One per site with tanks of the contract, in the order of its tanks."""
    index = house.workspace.index
    by_site: dict[str, list[str]] = {}
    for tank_id in contract.tank_ids():
        by_site.setdefault(index.tanks[index.row[tank_id]].site_id, []).append(tank_id)
    return tuple(_site_feed(house, contract, site, tanks) for site, tanks in by_site.items())


def _site_feed(house: House, contract: Contract, site_id: str, tanks: list[str]) -> SiteFeed:
    taken = _taken(house, contract, tanks)
    papers = house.papers.get(site_id, DepotPapers())
    mine = frozenset(tanks)
    return SiteFeed(
        site_id=site_id,
        tanks=len(tanks),
        measured=len(taken),
        newest_at=max(taken, default=None),
        oldest_at=min(taken, default=None),
        gateways=sum(not mine.isdisjoint(g.points) for g in house.workspace.gateways if g.site_id == site_id),
        orders_at=papers.work_orders_as_of,
        releases_at=papers.releases_as_of,
        ledger_at=house.ledgers_as_of.get(site_id),
    )


def _taken(house: House, contract: Contract, tanks: list[str]) -> list[datetime]:
    """When each tank's last good reading was taken; of those that ever had one."""
    stock, row = house.stocks[contract.on_delay], house.workspace.index.row
    times = (int(stock.taken_at_us[row[t]]) for t in tanks)
    return [datetime.fromtimestamp(us / 1e6, UTC) for us in times if us]
