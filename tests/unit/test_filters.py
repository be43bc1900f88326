"""The filters: OR inside a facet, AND between facets, and the sentence that says them."""

from collections.abc import Callable

import numpy as np
import pytest

from esscarto.actors import Actors
from esscarto.filters import FACETS, ActorFilter, FilterIndex
from esscarto.french import NBSP, NNBSP
from esscarto.schema import LIST_SEPARATOR
from esscarto.site import Site
from esscarto.territories import Territories, Territory

MakeActors = Callable[..., Actors]
PERONNE, RETZ = Territory("commune", "80620"), Territory("epci", "200071991")
SOISSONNAIS = Territory("petr", "soissonnais-valois")


@pytest.fixture(scope="module")
def index(make_actors: MakeActors) -> FilterIndex:
    """Five actors, named by what they are."""
    return FilterIndex(
        make_actors(
            {"id": "velo", "famille": "association", "themes": "mobilite", "code_insee": "01001"},
            {
                "id": "bus",
                "famille": "cooperative",
                "themes": "mobilite|culture",
                "types": "scic",
                "code_insee": "01002",
            },
            {"id": "theatre", "famille": "association", "themes": "culture", "code_insee": "01003", "statut": "projet"},
            {"id": "ferme", "famille": "mutuelle", "themes": "agriculture", "types": "esat|ea", "code_insee": "02001"},
            {"id": "inconnu", "precision": "aucune", "tranche_effectif": "11"},
        )
    )


def kept(index: FilterIndex, wanted: ActorFilter) -> list[str]:
    return index.actors.frame.index[index.mask(wanted)].tolist()


@pytest.mark.parametrize(
    ("chosen", "actors"),
    [
        ({}, ["velo", "bus", "theatre", "ferme", "inconnu"]),
        ({"th": ()}, ["velo", "bus", "theatre", "ferme", "inconnu"]),
        ({"th": ("mobilite",)}, ["velo", "bus"]),
        ({"th": ("mobilite", "agriculture")}, ["velo", "bus", "ferme"]),
        ({"th": ("mobilite",), "f": ("association",)}, ["velo"]),
        ({"th": ("mobilite", "culture"), "f": ("association", "mutuelle")}, ["velo", "theatre"]),
        ({"th": ("mobilite",), "f": ("mutuelle",)}, []),
        ({"ty": ("ea",)}, ["ferme"]),
        ({"ty": ("ea", "scic")}, ["bus", "ferme"]),
        ({"s": ("projet",)}, ["theatre"]),
        ({"e": ("",)}, ["velo", "bus", "theatre", "ferme"]),
        ({"e": ("11",)}, ["inconnu"]),
        ({"f": ("autre",)}, ["inconnu"]),
        ({"p": ("aucune",)}, ["inconnu"]),
    ],
)
def test_values_of_a_facet_add_up_and_facets_narrow(index: FilterIndex, chosen: dict, actors: list[str]):
    assert kept(index, ActorFilter(chosen=chosen)) == actors


@pytest.mark.parametrize(
    ("territory", "actors"),
    [
        (Territory("epci", "100000001"), ["velo", "bus"]),
        (Territory("petr", "val"), ["velo", "bus", "theatre"]),
        (Territory("commune", "02001"), ["ferme"]),
        (Territory("region", "99"), ["velo", "bus", "theatre", "ferme"]),
        (Territory("epci", "100000002"), ["theatre"]),
        (Territory("commune", "02002"), []),
    ],
)
def test_a_territory_keeps_what_is_inside_it(index: FilterIndex, territory: Territory, actors: list[str]):
    assert kept(index, ActorFilter(territory)) == actors
    assert kept(index, ActorFilter(territory, {"th": ("culture",)})) == [
        actor for actor in actors if actor in ("bus", "theatre")
    ]


def test_counts_say_what_each_value_would_show_the_other_filters_kept(index: FilterIndex):
    wanted = ActorFilter(chosen={"f": ("association",), "th": ("mobilite",)})
    # Themes of the associations: velo (mobilité), theatre (culture). Families of mobilité: velo, bus.
    themes = {theme: number for theme, number in index.counts(wanted, "th").items() if number}
    families = {family: number for family, number in index.counts(wanted, "f").items() if number}
    assert themes == {"mobilite": 1, "culture": 1}
    assert families == {"association": 1, "cooperative": 1}


def test_only_values_that_an_actor_has_are_offered_in_the_order_of_the_list(index: FilterIndex):
    assert index.present["f"] == ["association", "cooperative", "mutuelle", "autre"]
    assert index.present["th"] == ["mobilite", "agriculture", "culture"]
    assert index.present["ty"] == ["esat", "ea", "scic"]


def test_a_filter_without_a_facet_keeps_the_rest():
    wanted = ActorFilter(RETZ, {"f": ("association",), "th": ("culture",)}, "vélo")
    assert wanted.without("f") == ActorFilter(RETZ, {"th": ("culture",)}, "vélo")
    assert wanted.without("e") == wanted


# ---- free text


@pytest.fixture(scope="module")
def library(make_actors: MakeActors) -> FilterIndex:
    """Four actors whose names are hard to type."""
    return FilterIndex(
        make_actors(
            {"id": "etape", "nom": "L’Étape de Péronne", "commune": "Péronne"},
            {"id": "coeur", "nom": "Cœur & Œuvre", "aliases": "COEUR ET OEVRE|C&O"},
            {"id": "chemin", "nom": "Chemin vert", "description": "Atelier vélo"},
            {"id": "nfd", "nom": "E\u0301cole {{7*7}}", "note": "homonyme à Ham"},
        )
    )


@pytest.mark.parametrize(
    ("words", "actors"),
    [
        ("", ["etape", "coeur", "chemin", "nfd"]),
        ("   ", ["etape", "coeur", "chemin", "nfd"]),
        ("…!?", ["etape", "coeur", "chemin", "nfd"]),
        ("peronne", ["etape"]),
        ("PÉRONNE", ["etape"]),
        ("l'etape", ["etape"]),
        ("L’Étape", ["etape"]),
        ("coeur", ["coeur"]),
        ("cœur œuvre", ["coeur"]),
        ("école", ["nfd"]),
        ("e\u0301cole", ["nfd"]),
        ("vert vélo", ["chemin"]),
        ("vélo péronne", []),
        ("{{7*7}}", ["nfd"]),
        ("OEVRE", ["coeur"]),
        ("ham", ["nfd"]),
    ],
)
def test_words_are_found_whatever_their_accents_case_and_order(library: FilterIndex, words: str, actors: list[str]):
    assert kept(library, ActorFilter(words=words)) == actors


@pytest.mark.parametrize("words", ["Le Chemin vert", "aux chemin"])
def test_an_article_before_a_name_does_not_hide_it(library: FilterIndex, words: str):
    assert "chemin" in kept(library, ActorFilter(words=words))


def test_every_printed_spelling_finds_its_actor(site: Site):
    frame = site.actors.frame
    missed = [
        (actor, alias)
        for position, (actor, cell) in enumerate(frame["aliases"].items())
        for alias in cell.split(LIST_SEPARATOR)
        if alias and not site.index.mask(ActorFilter(words=alias))[position]
    ]
    assert missed == []


def test_every_name_finds_its_actor(site: Site):
    names = enumerate(site.actors.frame["nom"])
    assert [name for position, name in names if not site.index.mask(ActorFilter(words=name))[position]] == []


# ---- the sentence


@pytest.mark.parametrize(
    ("wanted", "shown", "sentence"),
    [
        (ActorFilter(), 250, "250~acteurs"),
        (ActorFilter(), 1200, "1_200~acteurs"),
        (ActorFilter(SOISSONNAIS), 41, "41~acteurs~: PETR du Soissonnais et du Valois"),
        (ActorFilter(PERONNE), 0, "0~acteur~: Péronne"),
        (ActorFilter(chosen={"f": ("association",)}), 1, "1~acteur~: association"),
        (
            ActorFilter(RETZ, {"f": ("association", "cooperative"), "th": ("mobilite",)}),
            12,
            "12~acteurs~: association ou coopérative, thème mobilité, CC Retz en Valois",
        ),
        (
            ActorFilter(chosen={"th": ("mobilite", "culture", "bien_vieillir"), "ty": ("esat",)}),
            3,
            "3~acteurs~: thèmes mobilité, culture ou bien vieillir, type ESAT",
        ),
        (
            ActorFilter(chosen={"ty": ("ei", "scic", "ecole_production")}),
            3,
            "3~acteurs~: types entreprise d’insertion (EI), SCIC ou école de production",
        ),
        (
            ActorFilter(chosen={"r": ("statut", "hors_ess")}),
            9,
            "9~acteurs~: ESS par son statut ou hors ESS, partenaire",
        ),
        (ActorFilter(chosen={"e": ("01", "")}), 9, "9~acteurs~: 1 à 2 salariés ou effectif non imprimé"),
        (ActorFilter(chosen={"p": ("adresse", "petr")}), 9, "9~acteurs~: lieu : à l’adresse ou au PETR"),
        (ActorFilter(chosen={"s": ("a_verifier",)}), 9, "9~acteurs~: à vérifier"),
        (ActorFilter(words=" vélo "), 2, "2~acteurs~: contenant «~vélo~»"),
        (
            ActorFilter(PERONNE, {"f": ()}, "{{7*7}}"),
            1,
            "1~acteur~: contenant «~{{7*7}}~», Péronne",
        ),
    ],
)
def test_a_filter_says_itself_in_french(site: Site, wanted: ActorFilter, shown: int, sentence: str):
    # In the expected text, ~ is a no-break space and _ a narrow one.
    expected = sentence.replace("~", NBSP).replace("_", NNBSP)
    assert wanted.sentence(shown, site.territories) == expected


def test_an_unprinted_place_is_said_in_good_french(site: Site):
    assert ActorFilter(chosen={"p": ("aucune",)}).sentence(3, site.territories).endswith("lieu : lieu non imprimé")


def test_a_homonym_is_told_apart_in_the_sentence(toy: Territories):
    assert ActorFilter(Territory("commune", "01002")).sentence(2, toy) == f"2{NBSP}acteurs{NBSP}: Brie (01)"


@pytest.mark.parametrize("key", FACETS)
def test_every_value_of_a_facet_can_be_said(key: str):
    facet = FACETS[key]
    for value in facet.labels:
        words = facet.say((value,))
        assert words
        assert "{" not in words


def test_the_keys_of_the_permalink_are_those_already_shared():
    # A link is kept for years: adding a key is free, renaming one breaks links.
    assert {"f", "th", "ty", "r", "e", "p", "s"} <= set(FACETS)


# ---- the real data


@pytest.mark.parametrize(
    "wanted",
    [
        ActorFilter(),
        ActorFilter(SOISSONNAIS),
        ActorFilter(SOISSONNAIS, {"f": ("association", "cooperative")}),
        ActorFilter(None, {"th": ("mobilite", "culture"), "s": ("actif",)}),
        ActorFilter(PERONNE, {"ty": ("ressourcerie", "esat")}),
        ActorFilter(None, {"e": ("", "41")}, "insertion"),
    ],
)
def test_real_counts_are_those_of_the_filter_applied_one_value_at_a_time(site: Site, wanted: ActorFilter):
    for key, facet in FACETS.items():
        alone = {
            value: int(
                site.index.mask(ActorFilter(wanted.territory, {**wanted.chosen, key: (value,)}, wanted.words)).sum()
            )
            for value in facet.labels
        }
        assert site.index.counts(wanted, key) == alone


def test_the_real_mask_is_what_a_reader_of_the_table_would_keep(site: Site):
    wanted = ActorFilter(SOISSONNAIS, {"th": ("insertion_emploi", "reemploi"), "s": ("actif",)})
    frame = site.actors.frame
    expected = [
        row.id
        for row in frame.itertuples()
        if row.petr == "soissonnais-valois"
        and row.statut == "actif"
        and {"insertion_emploi", "reemploi"} & set(str(row.themes).split("|"))
    ]
    assert kept(site.index, wanted) == expected
    assert expected


def test_filtering_never_writes_to_the_actors(site: Site):
    before = site.actors.frame.copy(deep=True)
    mask = site.index.mask(ActorFilter(SOISSONNAIS, {"f": ("association",)}, "insertion"))
    site.index.counts(ActorFilter(), "th")
    assert site.actors.frame.equals(before)
    # The mask is the caller's: writing to it changes no later answer.
    mask[:] = True
    assert not site.index.mask(ActorFilter(SOISSONNAIS, {"f": ("association",)}, "insertion")).all()


def test_no_actor_at_all_is_no_error(make_actors: MakeActors):
    empty = FilterIndex(make_actors())
    assert empty.mask(ActorFilter(words="vélo", chosen={"f": ("association",)})).tolist() == []
    assert np.sum(list(empty.counts(ActorFilter(), "f").values())) == 0
    assert empty.present["f"] == []
