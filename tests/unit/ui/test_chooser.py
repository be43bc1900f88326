"""What is typed finds a name: accents, hyphens and articles do not matter."""

import pytest

from esscarto.site import Site
from esscarto.ui import chooser


@pytest.fixture(scope="module")
def communes(site: Site) -> dict[str, str]:
    return chooser.told_apart({f"commune:{code}": name for code, name in chooser.communes(site).items()})


@pytest.mark.parametrize(
    "typed", ["villers cotterets", "villers-cotterets", "villers cott", "VILLERS COTTERÊTS", "Villers-Cotterêts (02)"]
)
def test_a_commune_is_found_without_its_accents_and_hyphens(communes: dict[str, str], typed: str):
    assert chooser.matches(communes, typed) == ["commune:02810"]


def test_the_very_name_goes_before_those_that_hold_it(communes: dict[str, str]):
    assert chooser.matches(communes, "ham") == ["commune:80410"]
    assert chooser.matches(communes, "la ferte milon") == ["commune:02307"]


def test_several_names_are_all_said_and_a_slip_has_its_near_names(communes: dict[str, str]):
    assert len(chooser.matches(communes, "villers")) > 5
    assert chooser.matches(communes, "vilers coterets") == []
    assert chooser.near_names(communes, "vilers coterets")[0] == "commune:02810"
    assert chooser.matches(communes, "  ") == chooser.near_names(communes, "zzzzzzzz") == []
