import pytest

from esscarto.storage.commune_names import CommuneNames, spelled


@pytest.fixture(scope="module")
def names(site):
    return CommuneNames(site.territories)


@pytest.mark.parametrize(
    ("name", "postal_code", "code"),
    [
        ("SOISSONS", "02200", "02722"),
        ("Soissons Cedex 9", "02200", "02722"),
        ("VILLENEUVE ST GERMAIN", "02200", "02805"),
        ("villers cotterets", "02600", "02810"),
        ("LA FERTE MILON", "02460", "02307"),
        ("SOISSONS", "80200", ""),
        ("SOISSONS", "", ""),
        ("", "02200", ""),
    ],
)
def test_a_commune_is_the_one_of_this_name_and_postal_code(names, name, postal_code, code):
    assert names.code(name, postal_code) == code


def test_every_commune_is_found_by_its_own_name_or_shares_it(names, site):
    communes = site.territories.communes
    missed = [
        code
        for code, name, codes in zip(communes.index, communes["nom"], communes["codes_postaux"], strict=True)
        if names.code(name.upper(), codes.split("|")[0]) != code
    ]
    assert len(missed) < 10
    shared = communes.loc[missed].groupby([communes.loc[missed, "nom"].map(spelled), "codes_postaux"]).size()
    assert (shared > 1).all()


def test_two_communes_of_one_name_and_postal_code_are_none(toy):
    assert CommuneNames(toy).code("Brie", "") == ""
    assert CommuneNames(toy).code("Aire", "") == "01001"


def test_the_postal_codes_of_communes(names):
    assert "02200" in names.postal_codes({"02722"})
    assert names.postal_codes(set()) == set()
