"""Location quotients: divided by hand from the printed figures, and refused where they cannot be."""

import dataclasses

import pandas as pd
import pytest

from esscarto.figures import Figures
from esscarto.quotients import QUOTIENTS
from esscarto.site import Site
from esscarto.territories import Territory

SALARIED, EMPLOYERS = QUOTIENTS["ql_salaries"], QUOTIENTS["ql_etablissements"]
CHER = Territory("departement", "18")


@pytest.mark.parametrize(
    ("quotient", "departement", "expected"),
    [
        # Printed (Clap 2015): Cher 10,79 %, Indre 11,5 %, Loiret 9,8 %, région Centre-Val de Loire 10,5 %.
        (SALARIED, "18", 10.79 / 10.5),
        (SALARIED, "36", 11.5 / 10.5),
        (SALARIED, "45", 9.8 / 10.5),
        # Cher 10 %, Loir-et-Cher 12,77 %, région 11,1 %.
        (EMPLOYERS, "18", 10 / 11.1),
        (EMPLOYERS, "41", 12.77 / 11.1),
    ],
)
def test_a_quotient_is_the_share_divided_by_that_of_the_region(site: Site, quotient, departement: str, expected: float):
    found = quotient.of(site.figures, site.territories, Territory("departement", departement))
    assert found.value == pytest.approx(expected)
    assert found.around == Territory("region", "24")
    assert found.local["source"].startswith("004:111|")


@pytest.mark.parametrize("quotient", QUOTIENTS.values(), ids=list(QUOTIENTS))
def test_the_départements_of_the_centre_have_one_and_no_other(site: Site, quotient):
    values = quotient.values(site.figures, site.territories, "departement")
    assert set(values.dropna().index) == {"18", "28", "36", "37", "41", "45"}
    assert values.index.equals(site.territories.layers["departement"].index)


@pytest.mark.parametrize(
    "change",
    [
        {"annee": "2019"},
        {"annee": "non daté"},
        {"source_imprimee": "Insee Flores 2019"},
        {"perimetre": "Emplois privés"},
        {"qualite": "approche"},
        {"qualite": "non_fourni", "valeur": ""},
        {"valeur": "0"},
    ],
)
def test_figures_that_differ_are_never_divided(site: Site, change: dict[str, str]):
    frame = site.figures.frame.copy()
    region = (frame["sujet"] == "region:24") & (frame["indicateur"] == SALARIED.figure)
    assert region.sum() == 1
    frame.loc[region, list(change)] = list(change.values())
    assert SALARIED.of(Figures(frame), site.territories, CHER) is None
    assert pd.isna(SALARIED.values(Figures(frame), site.territories, "departement")["18"])


def test_a_petr_whose_document_prints_no_reference_has_no_quotient(site: Site):
    # 12 % in 2019 for the PETR; no document prints the share of the Aisne or of the région for that year.
    quotient = dataclasses.replace(SALARIED, figure="part_emplois_ess")
    assert quotient.of(site.figures, site.territories, Territory("petr", "soissonnais-valois")) is None
