"""Checks of contracts against tanks, goods and prices: what is pledged exists, counts, has a price, and is pledged once."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from datasources.workspace.contracts import CapsPart, ContractFile, PledgePart, TolerancesPart
from datasources.workspace.part import Sheet
from datasources.workspace.price_checks import check_prices
from datasources.workspace.problem import suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What contracts may refer to. A None set: that file could not be read, so nothing is said of it.

    tanks: every declared tank. good_of, site_of: of the sound ones. depot_of: a site's depot. refs: price references,
    None when a source serves what only it knows. booked: sites whose depot's book is read.
    """

    tanks: set[str] | None
    goods: set[str] | None
    refs: set[str] | None
    good_of: Mapping[str, str]
    site_of: Mapping[str, str]
    depot_of: Mapping[str, str]
    booked: set[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    contract: str
    file: str
    share: Decimal | None
    batches: frozenset[str] = frozenset()


def check_pledges(sheets: list[Sheet[ContractFile]], ground: Ground) -> None:
    """All contracts, each by itself and then against one another."""
    claims: dict[tuple[str, str], list[_Claim]] = defaultdict(list)
    for sheet in sheets:
        _check_goods(sheet, ground)
        check_prices(sheet, ground.refs)
        seen: set[str] = set()
        for pledge in sheet.part.pledged:
            for i, tank in enumerate(pledge.tanks):
                if tank in seen:
                    wrong = f"tank {tank!r} is pledged twice in this contract"
                    sheet.error(pledge, "tanks", i, wrong=wrong, instead="delete one of the two")
                elif _check_tank(sheet, pledge, i, ground):
                    _check_double_pledge(sheet, pledge, i, claims[tank, pledge.owner])
                seen.add(tank)
            _check_frozen(sheet, pledge)
        _check_own_depot(sheet)
        if sheet.part.caps is not None and seen <= ground.good_of.keys():
            _check_caps(sheet, sheet.part.caps, ground)
        if not seen and "pledged" in sheet.part.node.entries:
            sheet.error(sheet.part, "pledged", wrong="names no tank", instead="write the pledged tanks and their owner")


def _check_goods(sheet: Sheet[ContractFile], ground: Ground) -> None:
    for good in sheet.part.goods:
        if ground.goods is not None and good.code not in ground.goods:
            remedy = suggestion(good.code, ground.goods, add="add it to goods.yaml")
            sheet.error(good, "code", wrong=f"good {good.code!r} is unknown", instead=remedy)
        if ground.refs is not None and good.price_ref not in ground.refs:
            remedy = suggestion(good.price_ref, ground.refs, add="add it to a price source in xiaoliuzi.toml")
            sheet.error(good, "price_ref", wrong=f"no price source serves {good.price_ref!r}", instead=remedy)
    if sheet.part.tolerances is not None:
        _check_natural_loss(sheet, sheet.part.tolerances)


def _check_natural_loss(sheet: Sheet[ContractFile], tolerances: TolerancesPart) -> None:
    accepted = sheet.declared("goods", "code")
    for code in tolerances.natural_loss:
        if code not in accepted:
            remedy = suggestion(code, accepted, add="delete the line")
            wrong = f"good {code!r} is none that this contract accepts"
            sheet.error(tolerances, "natural_loss", code, wrong=wrong, instead=remedy)


def _check_tank(sheet: Sheet[ContractFile], pledge: PledgePart, i: int, ground: Ground) -> bool:
    tank = pledge.tanks[i]
    if ground.tanks is not None and tank not in ground.tanks:
        remedy = suggestion(tank, ground.tanks, add="add it to its site's file")
        sheet.error(pledge, "tanks", i, wrong=f"tank {tank!r} is unknown", instead=remedy)
        return False
    good, site = ground.good_of.get(tank), ground.site_of.get(tank)
    if good is not None and good not in sheet.declared("goods", "code"):
        wrong = f"tank {tank!r} holds {good!r}, which this contract does not accept"
        sheet.error(pledge, "tanks", i, wrong=wrong, instead="add the good under goods, or take the tank out")
    depot = ground.depot_of.get(site) if site is not None else None
    if depot is not None and depot not in sheet.part.depots and "depots" not in sheet.broken:
        wrong = f"tank {tank!r} stands at a site of {depot!r}, which is no depot of this contract"
        sheet.error(pledge, "tanks", i, wrong=wrong, instead=f"add {depot!r} to depots, or take the tank out")
    if pledge.batches:
        _check_batches(sheet, pledge, booked=site is None or site in ground.booked)
    elif pledge.share is None and site is not None and site not in ground.booked:
        wrong = f"whose part of tank {tank!r} this is cannot be known: site {site!r} has no feeds"
        sheet.error(pledge, "share", wrong=wrong, instead="write share: 1.00 for the whole tank, or the site's feeds")
    return True


def _check_batches(sheet: Sheet[ContractFile], pledge: PledgePart, *, booked: bool) -> None:
    """Identified goods (特定物) are known to an ownership ledger only, and a fixed share would contradict it."""
    if pledge.share is not None:
        wrong = f"share {pledge.share} beside batches: how much of a tank these are, the ledger says"
        sheet.error(pledge, "share", wrong=wrong, instead="delete share, or batches")
    elif not booked:
        wrong = "batches are known from the depot's ownership ledger, and the site has no feeds"
        instead = "import one with `xiaoliuzi import DIR ownership FILE.csv`; until then nothing of it counts"
        sheet.warn(pledge, "batches", wrong=wrong, instead=instead)


def _check_double_pledge(sheet: Sheet[ContractFile], pledge: PledgePart, i: int, claims: list[_Claim]) -> None:
    """The same owner's cargo in one tank may serve two contracts only as fixed shares of at most the whole tank,

    or as batches of which none is in both.
    """
    tank, named = pledge.tanks[i], frozenset(pledge.batches)
    share = pledge.share if sheet.part.receipts is None else Decimal(0)  # receipts claim kg: rules/dup_pledge.py
    claims.append(_Claim(contract=sheet.part.id or sheet.file, file=sheet.file, share=share, batches=named))
    shares = [c.share for c in claims]
    if all(c.batches for c in claims):
        twice = len(frozenset[str]().union(*(c.batches for c in claims))) < sum(len(c.batches) for c in claims)
    else:
        twice = None in shares or sum(s for s in shares if s is not None) > 1
    if len(claims) > 1 and twice:
        wrong = f"{pledge.owner!r} in tank {tank!r} is pledged already, to contract {claims[0].contract} (一货多押)"
        instead = f"take it out here or in {claims[0].file}, or write share: in both, together at most 1.00"
        sheet.error(pledge, "tanks", i, wrong=wrong, instead=instead)


def _check_frozen(sheet: Sheet[ContractFile], pledge: PledgePart) -> None:
    if pledge.frozen_kg and len(pledge.tanks) != 1:
        wrong = f"{pledge.frozen_kg} kg would be frozen in each of {len(pledge.tanks)} tanks"
        sheet.error(pledge, "frozen_kg", wrong=wrong, instead="give the tank with frozen cargo an entry of its own")


def _check_own_depot(sheet: Sheet[ContractFile]) -> None:
    contract = sheet.part
    for i, depot in enumerate(contract.depots):
        if depot == contract.borrower:
            wrong = "the goods lie in the borrower's own depot: whether they are delivered (质权设立) is disputed"
            sheet.warn(contract, "depots", i, wrong=wrong, instead=_own_depot_remedy(contract.supervisor))
        if depot == contract.lender:
            wrong = "the goods lie in the lender's own depot"
            sheet.warn(contract, "depots", i, wrong=wrong, instead="check the organisation's id")


def _own_depot_remedy(supervisor: str | None) -> str:
    """A flow pledge stands where whoever the creditor has entrusted truly controls the goods (担保制度解释 第五十五条)."""
    if supervisor is None:
        return "have a supervisor control the depot (监管)"
    return (
        f"keep on file that the lender entrusted {supervisor!r} and that it controls the tanks: its own people, seals"
        " and keys, 《质物清单》 with each tank"
    )


def _check_caps(sheet: Sheet[ContractFile], caps: CapsPart, ground: Ground) -> None:
    """A cap below 1/n keeps part of the value out for ever: n goods, sites, tanks or owners cannot fill the pool."""
    tanks = set(sheet.part.tank_ids)
    counts = {
        "good": len({ground.good_of[t] for t in tanks}),
        "site": len({ground.site_of[t] for t in tanks}),
        "tank": len(tanks),
        "owner": len({p.owner for p in sheet.part.pledged}),
    }
    for key, n in counts.items():
        cap: Decimal | None = getattr(caps, key)
        if cap is not None and n and cap * n < 1:
            wrong = f"{cap} × {n} {key}{'s' if n > 1 else ''} is below 1: the pool's value could never be recognised in full"
            least = (Decimal(1) / n).quantize(Decimal("0.01"), rounding="ROUND_UP")
            sheet.error(caps, key, wrong=wrong, instead=f"write at least {least}, or delete the line for no cap")
