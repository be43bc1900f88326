import pytest

from esscarto.registers import nomenclature
from esscarto.registers.nomenclature import (
    FAMILY_OF_CATEGORY,
    NAF_2025,
    SECTORS,
    TYPES_OF_CATEGORY,
    family,
    naf_code,
    sector,
    tranche,
    types_printed,
)
from esscarto.vocabulary import FAMILLES, TRANCHES, TYPES


def test_every_family_and_every_type_is_a_word_of_the_directory():
    assert set(FAMILY_OF_CATEGORY.values()) <= set(FAMILLES)
    assert {word for words in TYPES_OF_CATEGORY.values() for word in words} <= set(TYPES)
    printed = [word for words in nomenclature._TYPES_PRINTED.values() for word in words]
    assert set(printed) <= set(TYPES)


def test_every_legal_category_has_four_figures_and_one_family():
    assert all(len(code) == 4 and code.isdigit() for code in FAMILY_OF_CATEGORY)
    listed = [code for codes in nomenclature._FAMILIES.values() for code in codes.split()]
    assert len(listed) == len(set(listed)) == len(FAMILY_OF_CATEGORY)


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("9220", "association"),
        ("9260", "association"),
        ("9300", "fondation"),
        ("8210", "mutuelle"),
        ("5458", "cooperative"),
        ("6316", "cooperative"),
        ("6318", "cooperative"),
        # Companies, those of the State, associations that nobody declared, congregations: no family by themselves.
        ("5499", ""),
        ("5710", ""),
        ("5546", ""),
        ("6533", ""),
        ("7357", ""),
        ("9210", ""),
        ("9240", ""),
        ("1000", ""),
        ("", ""),
        ("92200", ""),
    ],
)
def test_a_legal_category_gives_its_family_or_nothing(category, expected):
    assert family(category) == expected


@pytest.mark.parametrize(
    ("naf", "expected"),
    [
        ("01.11Z", "agriculture"),
        ("10.71C", "agriculture"),
        ("38.32Z", "industrie_construction"),
        ("43.34Z", "industrie_construction"),
        ("47.79Z", "commerce"),
        ("56.21Z", "commerce"),
        ("65.12Z", "finance"),
        ("81.30Z", "soutien_entreprises"),
        ("85.59B", "enseignement"),
        ("86.10Z", "sante"),
        ("88.99B", "action_sociale"),
        ("90.01Z", "arts"),
        ("93.12Z", "sport"),
        ("94.99Z", "divers"),
        # In no group of the CRESS that was read: information and communication, administration, gambling.
        ("62.01Z", ""),
        ("84.11Z", ""),
        ("92.00Z", ""),
        ("", ""),
        ("??", ""),
        ("²1.11Z", ""),
    ],
)
def test_an_activity_falls_in_the_sector_of_the_cress_or_in_none(naf, expected):
    assert sector(naf) == expected


def test_no_division_is_in_two_sectors():
    divisions = [division for each in SECTORS.values() for division in each.divisions]
    assert len(divisions) == len(set(divisions))


def test_a_code_of_the_naf_2025_is_grouped_nowhere():
    assert sector("88.99B", NAF_2025) == ""


def test_a_headcount_class_is_one_that_insee_publishes():
    assert [tranche(code) for code in TRANCHES] == list(TRANCHES)
    assert [tranche(code) for code in ("", "1", "99", "10 salariés")] == [""] * 4


def test_the_words_of_the_registers_become_types():
    assert types_printed("ACI") == ("aci", "siae")
    assert types_printed("Entreprise d’insertion") == ("ei", "siae")
    assert types_printed("GEIQ") == ("geiq",)
    assert types_printed("") == types_printed("CCAS") == ()


def test_an_activity_code_gets_its_point():
    assert [naf_code(text) for text in ("8899B", "88.99b", "x", "")] == ["88.99B", "88.99B", "X", ""]
