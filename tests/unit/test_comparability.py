"""The guard of comparison on every pair of published figures, against a list written by hand from the documents."""

import csv
import itertools

import pytest

from esscarto.comparability import Guard, computed, differences
from esscarto.settings import SITE
from esscarto.site import Site

DATA = SITE / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


FIGURES = {row["id"]: row for row in rows("figures.csv")}
TITLES = {row["indicateur"]: row["libelle"] for row in rows("indicators.csv")}

# The only figures of the documents that may stand on one axis, by hand: the table of 004:111-120 (Clap 2015, one
# column at a time, its départements and its région), and the intercommunalités of 001:74-76 among themselves.
CENTRE = ("cher", "eure-et-loir", "indre", "indre-et-loire", "loir-et-cher", "loiret", "cvl")
HAUTE_SOMME = ("cc-haute-somme", "cc-est-de-la-somme", "cc-terre-de-picardie")
AXES = [
    {f"{one}-part-salaries-ess" for one in CENTRE},
    {f"{one}-part-etablissements-employeurs-ess" for one in CENTRE},
    {f"{one}-population" for one in HAUTE_SOMME},
    {f"{one}-nombre-communes" for one in HAUTE_SOMME},
]
SAME_INDICATOR = [
    (one, other)
    for one, other in itertools.combinations(FIGURES, 2)
    if FIGURES[one]["indicateur"] == FIGURES[other]["indicateur"]
]


@pytest.fixture(scope="module")
def guard(site: Site) -> Guard:
    return Guard(TITLES, site.subject_name)


def test_the_pairs_of_the_data_are_many_enough_to_prove_something():
    assert len(SAME_INDICATOR) > 200
    assert sum(len(axis) * (len(axis) - 1) // 2 for axis in AXES) == 21 + 21 + 3 + 3


@pytest.mark.parametrize(("one", "other"), SAME_INDICATOR, ids="|".join)
def test_two_figures_of_one_indicator_share_an_axis_only_when_the_hand_written_list_says_so(guard: Guard, one, other):
    why = guard.why_not(FIGURES[one], FIGURES[other])
    assert (why == "") == any({one, other} <= axis for axis in AXES), why
    assert why == "" or (why[0].isupper() and why.endswith("."))


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        # Flores 2019 in 000:35, Clap 2015 in 004:39.
        (
            "sv-etablissements-employeurs-ess",
            "cvl-etablissements-employeurs-ess",
            [
                "L’année n’est pas la même (« 2019 » et « 2015 »)",
                "« Insee Flores 2019 » et « Insee - ORESS - Clap 2015 »",
            ],
        ),
        ("sv-part-emplois-ess", "cvl-part-emplois-ess", ["l’année", "la source"]),
        # The two figures of unemployment: declared to the census (000:8), « autour de 12 % » (001:100).
        ("sv-chomage-declare", "ch-taux-chomage", ["La définition n’est pas la même", "de l’autre : 2020"]),
        # Establishments (000:47-55) and structures (001:155).
        (
            "sv-part-etablissements-associations",
            "ch-part-structures-associations",
            ["La définition n’est pas la même", "Associations parmi les établissements de l’ESS"],
        ),
        ("sv-part-etablissements-cooperatives", "ch-part-structures-cooperatives", ["La définition"]),
        ("sv-part-etablissements-mutuelles", "ch-part-structures-mutuelles", ["La définition"]),
        # Jobs and employees, on the same page of 004 (38 and 118): the year and the country of the source agree.
        ("cvl-part-emplois-ess", "cvl-part-salaries-ess", ["La définition", "le périmètre n’est pas le même"]),
        # Wages in millions, gross pay in billions.
        ("sv-masse-salariale-ess", "cvl-remunerations-brutes-ess", ["l’unité n’est pas la même"]),
        # Two vintages of the census.
        ("sv-population", "ch-population", ["(« 2020 » et « 2021 »)"]),
        # A PETR and one of its intercommunalités: the year and the source agree, the size does not.
        ("ch-population", "cc-haute-somme-population", ["un total grandit", "« PETR » et « Intercommunalité »"]),
        # Printed side by side (001:98), and yet undated.
        ("ch-revenu-foyer-fiscal", "france-revenu-foyer-fiscal", ["l’année n’est pas imprimée"]),
        ("sv-etablissements-ess-par-secteur", "aisne-etablissements-ess-par-secteur", ["n’est pas fourni"]),
        ("003-activcites-annee-creation", "003-fibr-co-annee-creation", ["C’est une date"]),
        ("apei-des-2-vallees-tranche-effectif", "tereos-tranche-effectif", ["C’est un intervalle"]),
        ("france-part-industrie-pib", "france-part-industrie-pib-depart", ["de l’autre : prévision pour 2035"]),
        ("003-ptce-henin-carvin-superficie-maraichage", "003-terre-tous-superficie-friches", ["l’unité"]),
    ],
)
def test_each_bad_pair_of_the_documents_is_refused_with_its_reason(guard: Guard, one, other, said):
    sentence = guard.why_not(FIGURES[one], FIGURES[other]).replace("\u00a0", " ")
    for words in said:
        assert words.casefold() in sentence.casefold()
    assert guard.why_not(FIGURES[other], FIGURES[one])


def test_every_pair_that_the_registry_forbids_is_refused(guard: Guard):
    forbidden = {
        frozenset((row["indicateur"], other))
        for row in rows("indicators.csv")
        for other in row["non_comparable_avec"].split("|")
        if other
    }
    pairs = [
        pair
        for pair in itertools.combinations(FIGURES.values(), 2)
        if frozenset((pair[0]["indicateur"], pair[1]["indicateur"])) in forbidden
    ]
    assert len(pairs) > 50
    assert [(one["id"], other["id"]) for one, other in pairs if not guard.why_not(one, other)] == []


def test_sorting_keeps_the_largest_axis_and_gives_each_other_its_sentence(guard: Guard):
    found = guard.sort([row for row in FIGURES.values() if row["indicateur"] == "part_salaries_ess"])
    assert {row["id"] for row in found.together} == AXES[0]
    assert [(row["id"], bool(why)) for row, why in found.apart] == [("france-part-salaries-ess", True)]


def test_when_no_two_figures_agree_none_is_drawn(guard: Guard):
    found = guard.sort([row for row in FIGURES.values() if row["indicateur"] == "emplois_ess"])
    assert found.together == ()
    assert [row["id"] for row, why in found.apart if why] == ["sv-emplois-ess", "ch-emplois-ess"]
    assert guard.sort([]).apart == ()


def test_a_computed_total_is_compared_at_one_level_and_a_ratio_at_any():
    assert differences(computed("acteurs", "epci", "2023"), computed("acteurs", "epci", "2023")) == []
    assert differences(computed("acteurs", "epci", "2023"), computed("acteurs", "petr", "2023")) != []
    assert differences(computed("pour_1000", "epci", "2023"), computed("pour_1000", "petr", "2023")) == []
    assert differences(computed("pour_1000", "epci", "2023"), computed("pour_1000", "epci", "2022")) != []


def test_what_is_counted_here_never_stands_beside_what_a_source_prints(guard: Guard):
    printed = guard.axis(FIGURES["sv-etablissements-employeurs-ess"])
    assert differences(computed("acteurs", "petr", "2019"), printed)


@pytest.mark.parametrize(
    ("one", "other"),
    [("salariés", "salarié"), ("personnes en insertion", "personne en insertion")],
)
def test_a_plural_is_the_same_unit(guard: Guard, one, other):
    row = FIGURES["cc-haute-somme-population"]
    assert guard.why_not({**row, "unite": one}, {**row, "unite": other}) == ""


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("indicateur", "nombre_communes"),
        ("unite", "ménages"),
        ("annee", "2020"),
        ("annee", "non daté"),
        ("source_imprimee", "Insee Filosofi 2021"),
        ("perimetre", "Population des ménages"),
        ("sujet", "petr:soissonnais-valois"),
        ("qualite", "plus_de"),
        ("qualite", "prevision"),
        ("valeur_max", "30000"),
        ("valeur", ""),
    ],
)
def test_one_difference_is_enough_to_refuse(guard: Guard, column, value):
    row = FIGURES["cc-haute-somme-population"]
    assert guard.why_not(row, row) == ""
    assert guard.why_not(row, {**row, column: value})


def test_a_figure_that_is_only_near_by_its_name_is_never_drawn(guard: Guard):
    own = [row for row in FIGURES.values() if row["indicateur"] == "part_emplois_ess"]
    near = [row for row in FIGURES.values() if row["indicateur"] == "part_salaries_ess"]
    found = guard.sort(own, near)
    assert found.together == ()
    assert len(found.apart) == 3 + 8
    assert all("La définition n’est pas la même" in why for _, why in found.apart[3:])
