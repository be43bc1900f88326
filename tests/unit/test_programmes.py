"""What a territory may draw on: still open, for its themes, the money first."""

import pandas as pd

from esscarto.programmes import NATURES, STATES, Programmes
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.site import Site
from esscarto.territories import Territory

COLUMNS = ["nom", "nature", "etat", "territoire", "themes"]


def test_the_money_comes_first_then_the_nearest_then_the_name():
    rows = [
        ("Loi", "loi", "en_cours", "france", "mobilite"),
        ("Fonds B", "fonds", "en_cours", "france", "mobilite|culture"),
        ("Fonds A", "fonds", "non_date", "france", "mobilite"),
        ("Fonds d’ici", "fonds", "prevue", "epci:1", "mobilite"),
        ("Passé", "fonds", "passee", "epci:1", "mobilite"),
        ("Ailleurs", "fonds", "en_cours", "epci:2", "mobilite"),
        ("Autre thème", "fonds", "en_cours", "epci:1", "culture"),
        ("Sans territoire", "fonds", "en_cours", "", "mobilite"),
    ]
    programmes = Programmes(pd.DataFrame(rows, columns=COLUMNS))
    found = programmes.for_territories([Territory("epci", "1")], {"mobilite"})
    assert [row["nom"] for row in found] == ["Fonds d’ici", "Fonds A", "Fonds B", "Loi"]


def test_every_nature_and_state_of_the_schema_has_words():
    fields = {field.name: field for field in read_schema(SCHEMAS / "programmes.schema.json").fields}
    assert sorted(NATURES) == sorted(fields["nature"].allowed)
    assert list(STATES) == list(fields["etat"].allowed)


def test_the_fund_of_reuse_serves_who_thinks_of_reuse(site: Site):
    # 003:239 and 003:263.
    names = [row["id"] for row in site.programmes.for_territories([], {"reemploi"})]
    assert "fonds-reemploi-re-fashion" in names
    assert all(row["etat"] != "passee" for row in site.programmes.for_territories([], {"reemploi"}))


def test_a_site_without_programmes_has_none():
    assert Programmes().for_territories([], {"reemploi"}) == []
