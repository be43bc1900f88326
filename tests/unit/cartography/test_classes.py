"""The classes of a choropleth: zero apart, no data apart, and the bounds of mapclassify between."""

from collections.abc import Sequence

import mapclassify
import numpy as np
import pandas as pd
import pytest

from esscarto.cartography.classes import (
    CLASS_KEYS,
    METHODS,
    MISSING,
    NO_DATA,
    OUTSIDE,
    RAMP,
    SAMPLE_ABOVE,
    ZERO,
    ZERO_COLOUR,
    Classes,
    classify,
)
from esscarto.filters import ActorFilter
from esscarto.metrics import INDICATORS
from esscarto.site import Site
from esscarto.territories import Territory

WHOLE, DECIMAL = INDICATORS["acteurs"], INDICATORS["pour_1000"]
TWENTY = [1, 1, 1, 2, 2, 3, 4, 4, 5, 7, 8, 8, 9, 12, 15, 20, 21, 40, 55, 90]


def classes(
    values: Sequence[float], method: str = "quantiles", shown: list[bool] | None = None, indicator=WHOLE
) -> Classes:
    mask = np.ones(len(values), dtype=bool) if shown is None else np.array(shown)
    return classify(pd.Series(values, dtype=float), indicator, method, mask)


def legend(found: Classes) -> list[tuple[str, str]]:
    return [(entry.key, entry.text) for entry in found.legend]


def test_zero_and_no_data_have_their_own_class():
    found = classes([0, 3, np.nan, 7])
    assert found.keys == "zanb"
    assert legend(found) == [("z", "0"), ("a", "3"), ("b", "7"), ("n", "non disponible")]
    assert found.legend[0].colour == ZERO_COLOUR
    assert found.legend[-1].colour == NO_DATA


def test_zero_and_no_data_are_in_the_legend_only_when_they_are_on_the_map():
    assert legend(classes([1, 2])) == [("a", "1"), ("b", "2")]


def test_what_is_outside_is_the_ground_and_moves_no_class():
    values = [*TWENTY, 1000, 2000]
    inside = [True] * 20 + [False] * 2
    assert classes(values, shown=inside).keys == classes(TWENTY).keys + OUTSIDE * 2
    assert classes(values, shown=inside).legend == classes(TWENTY).legend


@pytest.mark.parametrize(
    ("values", "keys", "texts"),
    [
        ([4, 4, 4], "aaa", ["4"]),
        ([1, 2, 1], "aba", ["1", "2"]),
        ([1, 2, 3, 4, 5], "abcde", ["1", "2", "3", "4", "5"]),
        ([5, 1, 5, 3], "cacb", ["1", "3", "5"]),
    ],
)
@pytest.mark.parametrize("method", METHODS)
def test_few_distinct_values_have_a_class_each(method: str, values: list[float], keys: str, texts: list[str]):
    found = classes(values, method)
    assert found.keys == keys
    assert [entry.text for entry in found.legend] == texts


@pytest.mark.parametrize(
    ("values", "keys", "entries"),
    [
        ([], "", []),
        ([0, 0], "zz", [("z", "0")]),
        ([np.nan], "n", [("n", "non disponible")]),
        ([np.nan, 0], "nz", [("z", "0"), ("n", "non disponible")]),
    ],
)
@pytest.mark.parametrize("method", METHODS)
def test_nothing_above_zero_is_no_error(method: str, values: list[float], keys: str, entries: list[tuple[str, str]]):
    found = classes(values, method)
    assert found.keys == keys
    assert legend(found) == entries


def test_nothing_shown_is_all_ground():
    found = classes([1, 2, 0, np.nan], shown=[False] * 4)
    assert found.keys == OUTSIDE * 4
    assert found.legend == ()


@pytest.mark.parametrize(
    ("method", "classifier"),
    [
        ("quantiles", mapclassify.Quantiles),
        ("jenks", mapclassify.FisherJenks),
        ("egales", mapclassify.EqualInterval),
    ],
)
def test_the_classes_are_those_of_mapclassify(method: str, classifier):
    expected = "".join(CLASS_KEYS[at] for at in classifier(np.array(TWENTY), k=5).yb)
    assert classes(TWENTY, method).keys == expected


def test_quantiles_by_hand():
    # Fifths of positions 0 to 19: 3.8, 7.6, 11.4, 15.2, 19. Values there: 2, 4.6, 8.4, 20.2, 90.
    assert legend(classes(TWENTY)) == [
        ("a", "1 à 2"),
        ("b", "3 à 4"),
        ("c", "5 à 8"),
        ("d", "9 à 20"),
        ("e", "21 à 90"),
    ]


def test_equal_intervals_by_hand():
    # From 1 to 101 by five: bounds 21, 41, 61, 81, 101.
    values = [1, 20, 21, 22, 41, 60, 80, 81, 101]
    assert classes(values, "egales").keys == "aaabbcdde"


@pytest.mark.parametrize("method", METHODS)
def test_the_legend_says_bounds_that_territories_have(method: str):
    found = classes(TWENTY, method)
    for entry in found.legend:
        inside = [value for key, value in zip(found.keys, TWENTY, strict=True) if key == entry.key]
        low, high = f"{min(inside):.0f}", f"{max(inside):.0f}"
        assert entry.text == (low if low == high else f"{low} à {high}")


def test_an_empty_class_is_not_in_the_legend():
    # 1 to 6 and 101: bounds 21, 41, 61, 81, 101; the three classes between are empty.
    found = classes([1, 2, 3, 4, 5, 6, 101], "egales")
    assert {entry.key for entry in found.legend} == set(found.keys)


def test_the_legend_follows_the_decimals_of_its_indicator():
    assert [entry.text for entry in classes([0.125, 2], indicator=DECIMAL).legend] == ["0,12", "2,00"]


@pytest.mark.parametrize("count", range(1, 6))
def test_colours_go_from_light_to_dark_without_a_repeat(count: int):
    colours = [entry.colour for entry in classes(list(range(1, count + 1))).legend]
    assert sorted(set(colours), key=RAMP.index) == colours


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("level", ["commune", "epci"])
def test_every_real_territory_has_one_character_that_the_legend_explains(site: Site, level: str, method: str):
    everyone = site.index.mask(ActorFilter())
    codes = site.territories.children(Territory("petr", "soissonnais-valois"), level)
    shown = np.arange(len(codes)) % 7 != 0
    for key, indicator in INDICATORS.items():
        if level not in indicator.levels:
            continue
        values = indicator.values(site.counter(level).counts(everyone)).reindex(codes)
        found = classify(values, indicator, method, shown)
        assert len(found.keys) == len(codes), key
        assert [key == OUTSIDE for key in found.keys] == (~shown).tolist()
        assert set(found.keys) - {OUTSIDE} <= {entry.key for entry in found.legend}
        assert [key == ZERO for key in found.keys] == (shown & (values == 0)).tolist()
        assert [key == MISSING for key in found.keys] == (shown & values.isna()).tolist()


def test_the_natural_breaks_of_many_territories_are_the_same_every_time():
    many = np.random.default_rng(1).lognormal(6, 1.2, SAMPLE_ABOVE * 2).round().tolist()
    assert len({classes(many, "jenks").keys for _ in range(3)}) == 1


@pytest.mark.parametrize("method", METHODS)
def test_a_whole_region_of_communes_fills_the_five_classes(method: str):
    many = np.random.default_rng(1).lognormal(6, 1.2, 4000).round().tolist()
    found = classes(many, method)
    assert len(found.keys) == 4000
    assert set(found.keys) == set(CLASS_KEYS)
