"""The closed lists agree with one another and with the published schemas."""

import itertools
import re

import pytest

from esscarto import vocabulary
from esscarto.french import NNBSP
from esscarto.network import BACKWARD, FORWARD, STATES
from esscarto.schema import TableSchema, read_schema
from esscarto.settings import SCHEMAS
from esscarto.territories import LEVEL_COLUMNS


@pytest.fixture(scope="module")
def actors_schema() -> TableSchema:
    return read_schema(SCHEMAS / "acteurs.schema.json")


def allowed(schema: TableSchema, column: str) -> list[str]:
    return next(list(field.allowed) for field in schema.fields if field.name == column)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("statut_ess", vocabulary.STATUTS_ESS),
        ("famille", vocabulary.FAMILLES),
        ("types", vocabulary.TYPES),
        ("themes", vocabulary.THEMES),
        ("roles", vocabulary.ROLES),
        ("tranche_effectif", vocabulary.TRANCHES),
        ("precision", vocabulary.PRECISIONS),
        ("lieu_confiance", vocabulary.CONFIANCES),
        ("statut", vocabulary.STATUTS),
    ],
)
def test_every_code_that_the_schema_allows_has_words_and_no_other(actors_schema: TableSchema, column: str, words: dict):
    assert sorted(words) == sorted(allowed(actors_schema, column))


def test_every_relation_of_the_schema_is_said_both_ways():
    relations = read_schema(SCHEMAS / "relations.schema.json")
    assert sorted(allowed(relations, "relation")) == sorted(FORWARD) == sorted(BACKWARD)
    assert sorted(allowed(relations, "etat")) == sorted(STATES)


def test_every_level_has_words():
    assert list(vocabulary.LEVELS) == list(LEVEL_COLUMNS)


def test_every_category_has_a_symbol_told_by_its_shape_and_its_letter():
    assert list(vocabulary.SYMBOLES) == list(vocabulary.CATEGORIES)
    shapes = [symbol.shape for symbol in vocabulary.SYMBOLES.values()]
    letters = [symbol.letter for symbol in vocabulary.SYMBOLES.values()]
    assert sorted(set(shapes)) == sorted(shapes)
    assert sorted(set(letters)) == sorted(letters)


@pytest.mark.parametrize("category", vocabulary.CATEGORIES)
def test_the_white_letter_of_a_symbol_can_be_read_on_its_colour(category: str):
    # WCAG 2.2, 1.4.3: contrast (L1 + 0.05) / (L2 + 0.05), at least 4.5 for text; white has L = 1.
    colour = vocabulary.SYMBOLES[category].colour
    assert re.fullmatch(r"#[0-9a-f]{6}", colour)
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5


def test_headcount_classes_follow_one_another_without_a_gap():
    # Insee: 0, 1-2, 3-5, 6-9, 10-19, ... each lower bound is the upper bound before it plus one.
    bounds = [bounds for code, bounds in vocabulary.TRANCHES.items() if code != "NN"]
    for (_, high), (low, _) in itertools.pairwise(bounds):
        assert high is not None
        assert low == high + 1
    assert bounds[-1] == (10000, None)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("00", "Sans salarié"),
        ("01", "1 à 2 salariés"),
        ("41", "500 à 999 salariés"),
        ("", "Effectif non imprimé"),
        ("99", "Effectif non imprimé"),
    ],
)
def test_a_headcount_class_is_said_in_words(code: str, words: str):
    assert vocabulary.tranche_label(code) == words


def test_the_bounds_of_a_large_class_are_written_the_french_way():
    assert vocabulary.tranche_label("42") == f"1{NNBSP}000 à 1{NNBSP}999 salariés"
    assert vocabulary.tranche_label("53") == f"10{NNBSP}000 salariés et plus"


def test_every_headcount_class_can_be_filtered():
    assert sorted(vocabulary.TAILLES) == ["", *sorted(vocabulary.TRANCHES)]


def test_words_shown_to_a_reader_use_the_typographic_apostrophe():
    lists = [
        vocabulary.CATEGORIES,
        vocabulary.STATUTS_ESS,
        vocabulary.TYPES,
        vocabulary.THEMES,
        vocabulary.PRECISIONS,
    ]
    assert [words for labels in lists for words in labels.values() if "'" in words] == []
