"""How French is written and compared."""

import datetime
import math

import numpy as np
import pytest

from esscarto import french
from esscarto.french import NBSP, NNBSP


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (1000, 0, f"1{NNBSP}000"),
        (1234567.891, 2, f"1{NNBSP}234{NNBSP}567,89"),
        (0.5, 1, "0,5"),
        (-12.25, 2, "−12,25"),
        (np.float64(1348.9854), 1, f"1{NNBSP}349,0"),
        (np.int64(106668), 0, f"106{NNBSP}668"),
    ],
)
def test_a_number_has_a_decimal_comma_and_narrow_spaces(value: float, decimals: int, text: str):
    assert french.number(value, decimals) == text


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf, np.float64("nan")])
def test_a_missing_number_is_said_and_never_zero(value: float | None):
    assert french.number(value) == "n. d."


def test_a_unit_stays_on_the_line_of_its_number():
    assert french.with_unit(1234, "km²") == f"1{NNBSP}234{NBSP}km²"


@pytest.mark.parametrize(("value", "unit", "text"), [(math.nan, "km²", "n. d."), (None, "hab.", "n. d."), (3, "", "3")])
def test_a_missing_number_or_unit_leaves_no_trailing_space(value: float | None, unit: str, text: str):
    assert french.with_unit(value, unit) == text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, f"0{NBSP}acteur"),
        (1, f"1{NBSP}acteur"),
        (2, f"2{NBSP}acteurs"),
        (1200, f"1{NNBSP}200{NBSP}acteurs"),
    ],
)
def test_zero_and_one_are_singular(value: int, words: str):
    assert french.count(value, "acteur") == words


def test_an_irregular_plural_can_be_given():
    assert french.count(3, "réseau", "réseaux") == f"3{NBSP}réseaux"


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2025", "2025"),
        ("2020-12", "décembre 2020"),
        ("2023-08-01", "1er août 2023"),
        ("2023-02-28", "28 février 2023"),
        ("", "non daté"),
        ("vers 2018", "vers 2018"),
        ("2024 – 2028", "2024 – 2028"),
    ],
)
def test_a_date_is_said_in_words(iso: str, words: str):
    assert french.date(iso) == words


@pytest.mark.parametrize(
    ("words", "short"),
    [
        ("population municipale, populations de référence 2023 (Insee)", "Insee 2023"),
        ("Code officiel géographique 2026", "2026"),
        ("édition non imprimée", "édition non imprimée"),
        ("", ""),
    ],
)
def test_a_vintage_is_shortened_to_its_year(words: str, short: str):
    assert french.short_vintage(words) == short


@pytest.mark.parametrize(
    ("words", "last", "text"),
    [
        ([], "et", ""),
        (["a"], "et", "a"),
        (["a", "b"], "et", "a et b"),
        (["a", "b", "c"], "ou", "a, b ou c"),
    ],
)
def test_words_are_joined_as_a_sentence_does(words: list[str], last: str, text: str):
    assert french.enumerate_words(words, last) == text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Péronne", "peronne"),
        ("E\u0301cole", "ecole"),
        ("ÉCOLE", "ecole"),
        ("Œuvre Cœur", "oeuvre coeur"),
        ("L’Étape  d'Or", "l etape d or"),
        ("Saint-Jean / 80", "saint jean 80"),
        ("Lætitia", "laetitia"),
        (f"a{NBSP}b{NNBSP}c", "a b c"),
        ("…", ""),
    ],
)
def test_folding_keeps_letters_and_digits_only(text: str, folded: str):
    assert french.fold(text) == folded


def test_a_text_composed_or_decomposed_folds_the_same():
    assert french.fold("\u00c9cole") == french.fold("E\u0301cole")


def test_a_capital_ligature_is_read_as_two_letters():
    assert french.fold("LÆTITIA") == "laetitia"


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("La Ferté-Milon", "ferte milon"),
        ("L’Échelle-Saint-Aurin", "echelle saint aurin"),
        ("L'Étoile", "etoile"),
        ("Les Septvallons", "septvallons"),
        ("CC de l'Est de la Somme", "cc de l est de la somme"),
        ("Laon", "laon"),
        ("Desvres", "desvres"),
        ("Aux Marais", "marais"),
        ("Le", "le"),
    ],
)
def test_a_name_is_compared_without_its_leading_article(name: str, folded: str):
    assert french.fold_name(name) == folded


def test_names_are_sorted_without_accents_or_articles():
    names = ["Roisel", "Épehy", "La Fère", "Eppeville", "Ham"]
    # epehy, eppeville, fere, ham, roisel
    assert sorted(names, key=french.sort_key) == ["Épehy", "Eppeville", "La Fère", "Ham", "Roisel"]


@pytest.mark.parametrize("char", ["\u202e", "\u2066", "\u2069", "\x00", "\x1f"])
def test_characters_that_disguise_a_text_are_dropped(char: str):
    assert french.clean(f"  Foyer {char}rural ") == "Foyer rural"


@pytest.mark.parametrize("text", ["L'Étape \"d'Or\" & Cie <3", "👩\u200d🌾 Ferme", "{{7*7}}", "E\u0301cole"])
def test_a_name_is_otherwise_kept_as_written(text: str):
    assert french.clean(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Vu : oui", f"Vu{NNBSP}: oui"),
        ("Un projet ?", f"Un projet{NNBSP}?"),
        ("12 % des 1 000 habitants", f"12{NBSP}% des 1{NNBSP}000 habitants"),
        ("« fondations »", f"«{NBSP}fondations{NBSP}»"),
        ("en 2019 282 établissements", "en 2019 282 établissements"),
        ("rien", "rien"),
    ],
)
def test_signs_and_thousands_stay_with_what_they_belong_to(text: str, kept: str):
    assert french.bound(text) == kept


def test_a_day_is_written_with_its_name():
    assert french.long_date(datetime.date(2026, 12, 10)) == "jeudi 10 décembre 2026"
    assert french.long_date(datetime.date(2026, 11, 1)) == "dimanche 1er novembre 2026"
