import pytest

from esscarto.registers.keeping import (
    is_named_after_nobody,
    organisation_email,
    organisation_phone,
    street,
    web_site,
)


@pytest.mark.parametrize(
    ("address", "postal_code", "expected"),
    [
        ("19 RUE DE LA POSTE 31700 CORNEBARRIEU", "31700", "19 RUE DE LA POSTE"),
        ("12 B RUE DES ESSAIS 02200 SOISSONS", "02200", "12 B RUE DES ESSAIS"),
        ("12BIS RUE DES ESSAIS", "", "12BIS RUE DES ESSAIS"),
        ("29 LES TILLEULS 02200 SOISSONS", "02200", "29 LES TILLEULS"),
        ("RUE DU DOCTEUR ESSAI 02200 SOISSONS", "02200", "RUE DU DOCTEUR ESSAI"),
        # Somebody's home, a building, a box: left out.
        ("CHEZ MME EXEMPLE 3 RUE DES ESSAIS 02200 SOISSONS", "02200", "3 RUE DES ESSAIS"),
        ("C/O M EXEMPLE 3 RUE DES ESSAIS 02200 SOISSONS", "02200", "3 RUE DES ESSAIS"),
        ("3 RUE DES ESSAIS CHEZ M EXEMPLE 02200 SOISSONS", "02200", "3 RUE DES ESSAIS"),
        ("3 RUE DES ESSAIS MADAME EXEMPLE 02200 SOISSONS", "02200", "3 RUE DES ESSAIS"),
        ("M EXEMPLE CAMILLE 02200 SOISSONS", "02200", ""),
        ("C/O MME EXEMPLE 02200 SOISSONS", "02200", ""),
        ("RESIDENCE DES PRES 3 RUE DES ESSAIS 02200 SOISSONS", "02200", "3 RUE DES ESSAIS"),
        ("BP 12 LES PINS 02200 SOISSONS", "02200", ""),
        ("MAISON DES ASSOCIATIONS 02600 VILLERS-COTTERETS", "02600", ""),
        ("6 RUE MADAME 75006 PARIS", "75006", ""),
        ("02200 SOISSONS", "02200", ""),
        ("", "", ""),
    ],
)
def test_a_street_is_kept_and_nobody_with_it(address, postal_code, expected):
    assert street(address, postal_code) == expected


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("contact@exemple.fr", "Essai"),
        ("Accueil02@exemple.fr", "Essai"),
        ("ressourcerie.peronne@exemple.fr", "Ressourcerie de Péronne"),
        ("activcites@exemple.fr", "Activ'Cités"),
        ("apei@exemple.fr", "A P E I"),
    ],
)
def test_an_address_made_of_functions_and_of_the_name_is_the_organisation_s(address, name):
    assert organisation_email(address, name) == address.lower()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("camille80@exemple.fr", "Essai"),
        ("camilleexemple@exemple.fr", "Essai"),
        ("pessai@exemple.fr", "Essai"),
        ("c" + ".exemple@exemple.fr", "Essai"),
        ("pas une adresse", "Essai"),
        ("", "Essai"),
    ],
)
def test_an_address_that_may_be_a_person_s_is_not_kept(address, name):
    assert organisation_email(address, name) == ""


def test_a_mobile_number_is_not_kept():
    assert organisation_phone("03 23 00 00 00") == "03 23 00 00 00"
    assert [organisation_phone(text) for text in ("0600000000", "+33700000000", "3200", "", "non")] == [""] * 5


def test_only_an_address_of_the_web_is_kept():
    assert web_site("www.exemple.fr") == "https://www.exemple.fr"
    assert web_site(" https://exemple.fr/a ") == "https://exemple.fr/a"
    refused = (
        "javascript:alert(1)",
        "//exemple.fr",
        "http://qui@exemple.fr",
        "http://a b.fr",
        "http://[",
        "exemple",
        "",
    )
    assert [web_site(text) for text in refused] == [""] * len(refused)


def test_a_name_that_the_register_hides_is_no_name():
    assert not is_named_after_nobody("[ND] [ND]")
    assert not is_named_after_nobody(" ")
    assert is_named_after_nobody("ESSAI")
