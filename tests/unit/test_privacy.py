"""What belongs to a person is recognised; what belongs to an organisation passes."""

import pytest

from esscarto.privacy import is_personal_email, personal_data
from esscarto.settings import SITE
from esscarto.storage.table_text import parse_table


@pytest.mark.parametrize(
    "address",
    [
        "x.canari@exemple.fr",
        "X.CANARI@exemple.fr",
        "x-canari@exemple.fr",
        "x_canari2@exemple.fr",
        "canari.x@exemple.fr",
        "x.y.canari@exemple.fr",
        "é.canari@exemple.fr",
        "jaune.canari@exemple.fr",
        "jaune-vif.canari@exemple.fr",
    ],
)
def test_an_address_made_like_a_name_is_a_persons(address: str):
    assert is_personal_email(address)
    assert personal_data(f"Écrire à {address}, merci").startswith("une adresse électronique nominative")


@pytest.mark.parametrize(
    "address",
    [
        "contact@exemple.fr",
        "accueil.soissons@exemple.fr",
        "ess@exemple.fr",
        "dga@exemple.fr",
        "direction-generale@exemple.fr",
        "hdf-ess@exemple.fr",
        "les.amis.du.velo@exemple.fr",
        "recyclerie.perchee@exemple.fr",
        "fibre.verte@fibreverte-exemple.fr",
    ],
)
def test_an_address_of_a_function_or_a_body_passes(address: str):
    assert not is_personal_email(address)
    assert personal_data(address) is None


@pytest.mark.parametrize(
    "text",
    [
        "06 00 00 00 00",
        "0600000000",
        "07.00.00.00.00",
        "06-00-00-00-00",
        "06 000 000 00",
        "06\u00a000\u202f00\u00a000\u202f00",
        "+33 6 00 00 00 00",
        "+33(0)600000000",
        "0033700000000",
        "０６ ００ ００ ００ ００",
        "Appeler le 06 00 00 00 00.",
    ],
)
def test_a_mobile_number_is_a_persons_however_it_is_written(text: str):
    assert personal_data(text).startswith("un numéro de téléphone mobile")


@pytest.mark.parametrize(
    "text", ["x.canari [at] exemple.fr", "x.canari (arobase) exemple.fr", "x.canari AROBASE exemple.fr"]
)
def test_an_address_in_disguise_is_recognised(text: str):
    assert personal_data(text).startswith("une adresse électronique nominative")


@pytest.mark.parametrize(
    "text",
    [
        "03 00 00 00 00",
        "+33 3 00 00 00 00",
        "09 00 00 00 00",
        "00600000000600",
        "40607000000000",
        "2026-06-07",
        "001:607|003:700-706",
        "6 700 salariés en 2019",
        "",
    ],
)
def test_other_numbers_pass(text: str):
    assert personal_data(text) is None


@pytest.mark.parametrize("table", ["actors", "relations", "supports", "programmes", "competences"])
def test_no_shipped_row_holds_personal_data(table: str):
    rows = parse_table((SITE / "data" / f"{table}.csv").read_bytes(), table)
    assert [cell for row in rows.itertuples(index=False) for cell in row if personal_data(cell)] == []
