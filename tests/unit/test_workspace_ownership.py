"""What a workspace says of ownership: identified batches, natural losses, how a site shares out; each checked."""

from pathlib import Path

import pytest

from domain.ownership.allocation import ShareMethod
from tests.fakes.mistakes import Mistake, assert_told_alone, cases, change, copy_of_sound, found

A = "contracts/a.yaml"
B = "contracts/b.yaml"
NORTH = "sites/north.yaml"
MINE = "pledged: [{tanks: [T-2], owner: haichuan}]"


@cases(
    Mistake(
        name="batches-beside-a-share",
        file=B,
        old=MINE,
        new="pledged: [{tanks: [T-2], owner: haichuan, share: 0.5, batches: [C-1]}]",
        at="pledged",
        wrong="share 0.5 beside batches",
        instead="delete share, or batches",
    ),
    Mistake(
        name="batches-at-a-site-without-feeds",
        file=A,
        old="owner: hengyun, share: 0.50,",
        new="owner: hengyun, batches: [B-1],",
        at="S-1",
        wrong="the site has no feeds",
        instead="xiaoliuzi import DIR ownership",
        severity="warning",
    ),
    Mistake(
        name="natural-loss-of-another-good",
        file=B,
        old="quantity_rule: physical",
        new="quantity_rule: physical\ntolerances: {natural_loss: {METHANOL: 0.002}}",
        at="natural_loss",
        wrong="good 'METHANOL' is none that this contract accepts",
        instead="delete the line",
    ),
    Mistake(
        name="a-share-method-that-is-none",
        file=NORTH,
        old="depot: north}",
        new="depot: north, share_method: last_in}",
        at="share_method",
        wrong="'last_in' is unknown",
        instead="first_in",
    ),
)
def test_a_mistake_is_told_in_its_place(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


@pytest.mark.parametrize(
    ("theirs", "doubled"), [("[H-2]", False), ("[H-1, H-2]", True)], ids=["other batches", "a batch of both"]
)
def test_one_owners_batches_may_serve_two_contracts_but_no_batch_both(
    theirs: str,
    doubled: bool,
    tmp_path: Path,
) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, A, "tanks: [T-1, T-2], owner: hengyun", "tanks: [T-1, T-2], owner: hengyun, batches: [H-1]")
    change(workspace, B, MINE, f"pledged: [{{tanks: [T-2], owner: hengyun, batches: {theirs}}}]")
    told = [p for p in found(workspace).problems if "一货多押" in p.wrong]
    assert bool(told) is doubled


def test_what_is_written_reaches_contract_and_site(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, B, MINE, "pledged: [{tanks: [T-2], owner: haichuan, batches: [C-1, C-2]}]")
    change(
        workspace, B, "quantity_rule: physical", "quantity_rule: physical\ntolerances: {natural_loss: {DIESEL0: 0.001}}"
    )
    change(workspace, NORTH, "depot: north}", "depot: north, share_method: first_in}")
    loaded = found(workspace).workspace
    assert loaded is not None
    contract = loaded.contracts["B-1"]
    assert contract.pledged[0].batches == ("C-1", "C-2")
    assert contract.tolerances.natural_loss == {"DIESEL0": 0.001}
    assert loaded.sites["north"].share_method is ShareMethod.FIRST_IN
    assert loaded.sites["south"].share_method is ShareMethod.PRO_RATA
