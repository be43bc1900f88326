"""The indicators: figures computed by hand on the toy country, then on real territories."""

from collections.abc import Callable

import numpy as np
import pytest

from esscarto.actors import Actors
from esscarto.filters import ActorFilter, FilterIndex
from esscarto.french import NBSP, NNBSP
from esscarto.metrics import INDICATORS, Counter, Counts, headcount_bounds, table
from esscarto.site import Site
from esscarto.territories import LEVEL_COLUMNS, Territories, Territory

MakeActors = Callable[..., Actors]

# Aire (01001): two places of the organisation x. Brie (01002): y. Le Désert (02002, nobody lives there): y again.
# CC de l’Ouest: z, commune not known. PETR: w, EPCI not known. La Haute (01003): a project and a public body.
ACTORS = (
    {"id": "x1", "organisation": "x", "code_insee": "01001", "types": "esat", "tranche_effectif": "11"},  # 10 to 19
    {"id": "x2", "organisation": "x", "code_insee": "01001", "types": "esat|ea"},
    {"id": "y1", "organisation": "y", "code_insee": "01002", "tranche_effectif": "53"},  # 10 000 and more
    {"id": "y2", "organisation": "y", "code_insee": "02002", "types": "scop", "tranche_effectif": "00"},  # none
    {"id": "z", "precision": "epci", "territoire": "epci:100000001", "tranche_effectif": "01"},  # 1 or 2
    {"id": "w", "precision": "petr", "territoire": "petr:val", "statut": "a_verifier"},
    {"id": "project", "code_insee": "01003", "statut": "projet", "tranche_effectif": "41"},
    {"id": "mairie", "code_insee": "01003", "statut_ess": "public", "tranche_effectif": "41"},
    {"id": "nowhere", "precision": "aucune", "tranche_effectif": "41"},
)
OUEST, NORD, EST = "100000001", "100000002", "100000003"


@pytest.fixture(scope="module")
def index(make_actors: MakeActors) -> FilterIndex:
    return FilterIndex(make_actors(*ACTORS))


@pytest.fixture(scope="module")
def count(index: FilterIndex, toy: Territories) -> Callable[..., Counts]:
    """Count the actors whose identifiers are given, all of them by default."""

    def counts(level: str, *kept: str) -> Counts:
        mask = index.actors.frame.index.isin(kept) if kept else np.ones(len(index.actors), dtype=bool)
        return Counter(index, toy, level).counts(mask)

    return counts


def values(counts: Counts, key: str) -> dict[str, float]:
    return {code: round(value, 4) for code, value in INDICATORS[key].values(counts).items() if not np.isnan(value)}


@pytest.mark.parametrize(
    ("level", "key", "expected"),
    [
        # Public bodies, projects and actors of no commune are left out of the communes.
        ("commune", "acteurs", {"01001": 2, "01002": 1, "01003": 0, "02001": 0, "02002": 1}),
        ("commune", "organisations", {"01001": 1, "01002": 1, "01003": 0, "02001": 0, "02002": 1}),
        # 1000 x 2 / 1000 = 2; 1000 x 1 / 3000 = 0.3333; Le Désert has no inhabitant: no density.
        ("commune", "pour_1000", {"01001": 2, "01002": 0.3333, "01003": 0, "02001": 0}),
        # 100 x 2 / 10 = 20; 100 x 1 / 20 = 5; 100 x 1 / 80 = 1.25
        ("commune", "pour_100km2", {"01001": 20, "01002": 5, "01003": 0, "02001": 0, "02002": 1.25}),
        ("commune", "sans_acteur", {"01001": 0, "01002": 0, "01003": 500, "02001": 2500, "02002": 0}),
        # Lower bounds: 10; 10 000; « 00 » is known and 0; the others print no class.
        ("commune", "effectif", {"01001": 10, "01002": 10000, "02002": 0}),
        # Aire: esat, ea. Le Désert: scop.
        ("commune", "diversite", {"01001": 2, "01002": 0, "01003": 0, "02001": 0, "02002": 1}),
        # Aire: esat twice, ea once: -(2/3 ln 2/3 + 1/3 ln 1/3) = 0.6365. Le Désert: scop alone.
        ("commune", "shannon", {"01001": 0.6365, "02002": 0}),
        # Ouest: x1, x2, y1, z.
        ("epci", "acteurs", {OUEST: 4, NORD: 0, EST: 1}),
        # Ouest: x, y, z.
        ("epci", "organisations", {OUEST: 3, NORD: 0, EST: 1}),
        # 1000 x 4 / (1000 + 3000) = 1; 1000 x 1 / (2500 + 0) = 0.4
        ("epci", "pour_1000", {OUEST: 1, NORD: 0, EST: 0.4}),
        # 100 x 4 / (10 + 20) = 13.3333; 100 x 1 / (40 + 80) = 0.8333
        ("epci", "pour_100km2", {OUEST: 13.3333, NORD: 0, EST: 0.8333}),
        # z covers no commune. Nord: La Haute, 500. Est: Brie, 2500.
        ("epci", "sans_acteur", {OUEST: 0, NORD: 500, EST: 2500}),
        # 2 of 2, 0 of 1, 1 of 2 communes
        ("epci", "couverture", {OUEST: 100, NORD: 0, EST: 50}),
        # 10 + 10 000 + 1 = 10 011; nobody in Nord prints a class
        ("epci", "effectif", {OUEST: 10011, EST: 0}),
        ("epci", "diversite", {OUEST: 2, NORD: 0, EST: 1}),
        # Ouest + w
        ("petr", "acteurs", {"val": 5}),
        ("petr", "organisations", {"val": 4}),
        # 1000 x 5 / 4500 = 1.1111
        ("petr", "pour_1000", {"val": 1.1111}),
        # 2 of the 3 communes
        ("petr", "couverture", {"val": 66.6667}),
        ("petr", "sans_acteur", {"val": 500}),
        ("departement", "acteurs", {"01": 5, "02": 1}),
        # y has a place in each département, and is one organisation of the région: x, y, z, w.
        ("departement", "organisations", {"01": 4, "02": 1}),
        ("region", "organisations", {"99": 4}),
        ("region", "acteurs", {"99": 6}),
        # 3 of the 5 communes; 500 + 2500 inhabitants of the others
        ("region", "couverture", {"99": 60}),
        ("region", "sans_acteur", {"99": 3000}),
        # esat, ea, scop
        ("region", "diversite", {"99": 3}),
        # esat 2, ea 1, scop 1: -(1/2 ln 1/2 + 2 x 1/4 ln 1/4) = 1.0397
        ("region", "shannon", {"99": 1.0397}),
        # A place of activity is the point of its commune: Aire, Brie and Le Désert are at no distance.
        ("epci", "a_5_km", {OUEST: 4000, NORD: 0, EST: 0}),
    ],
)
def test_an_indicator_is_what_a_hand_computes(count, level: str, key: str, expected: dict[str, float]):
    assert values(count(level), key) == expected


def test_only_the_selected_actors_are_counted(count):
    counts = count("commune", "x2", "y1")
    assert values(counts, "acteurs") == {"01001": 1, "01002": 1, "01003": 0, "02001": 0, "02002": 0}
    assert values(counts, "effectif") == {"01002": 10000}
    # The population of La Haute, of Brie (02) and of Le Désert is without an actor of the selection.
    assert values(counts, "sans_acteur") == {"01001": 0, "01002": 0, "01003": 500, "02001": 2500, "02002": 0}


def test_without_any_actor_every_inhabitant_is_without_one(count):
    counts = count("petr", "no such actor")
    assert values(counts, "acteurs") == {"val": 0}
    assert values(counts, "sans_acteur") == {"val": 4500}
    assert values(counts, "couverture") == {"val": 0}
    assert values(counts, "effectif") == {}


def test_an_empty_directory_is_no_error(make_actors: MakeActors, toy: Territories):
    empty = FilterIndex(make_actors())
    for level in LEVEL_COLUMNS:
        counts = Counter(empty, toy, level).counts(np.zeros(0, dtype=bool))
        assert counts.acteurs.tolist() == [0] * len(toy.layers[level])


def test_a_distance_is_that_of_the_commune_or_of_the_average_inhabitant(count):
    counts = count("commune", "x1")
    km = values(counts, "distance")
    assert km["01001"] == 0
    # Aire to Brie: one degree of longitude at 48.5 N is 111.32 x cos 48.5 = 73.8 km.
    assert km["01002"] == pytest.approx(73.8, abs=0.5)
    # 1 000 inhabitants at 0 km and 3 000 at that distance.
    assert values(count("epci", "x1"), "distance")[OUEST] == pytest.approx(0.75 * km["01002"], abs=0.001)


def test_a_distance_looks_beyond_the_borders_of_the_level(count):
    # y2 is in Le Désert, in no PETR: it is the nearest all the same.
    assert values(count("petr", "y2"), "distance")["val"] > 0


def test_without_a_placed_actor_there_is_no_distance_and_nobody_is_near(count):
    assert values(count("epci", "z"), "distance") == {}
    assert values(count("epci", "z"), "a_20_km") == {OUEST: 0, NORD: 0, EST: 0}
    assert INDICATORS["distance"].format(INDICATORS["distance"].value(count("epci", "z"), OUEST)) == "n. d."


def test_a_density_without_inhabitants_is_missing_and_said_so(count):
    density = INDICATORS["pour_1000"].values(count("commune"))["02002"]
    assert np.isnan(density)
    assert INDICATORS["pour_1000"].format(density) == "n. d."


@pytest.mark.parametrize(
    ("level", "code", "kept", "words"),
    [
        # One of the two places of Aire prints a class.
        ("commune", "01001", (), "de 10 à 19 salariés (1~acteur sur 2)"),
        # 10 + 1 = 11 to 19 + 2 = 21, over the places x1 and z of x1, x2 and z
        ("epci", OUEST, ("x1", "x2", "z"), "de 11 à 21 salariés (2~acteurs sur 3)"),
        # 10 + 10 000 + 1 = 10 011; the last class has no upper bound
        ("epci", OUEST, (), "au moins 10_011 salariés (3~acteurs sur 4)"),
        ("epci", NORD, (), "n. d."),
        ("commune", "01001", ("x2",), "n. d."),
    ],
)
def test_headcounts_are_said_with_both_bounds_and_how_many_print_one(
    count, level: str, code: str, kept: tuple[str, ...], words: str
):
    # In the expected text, ~ is a no-break space and _ a narrow one.
    expected = words.replace("~", NBSP).replace("_", NNBSP)
    assert headcount_bounds(count(level, *kept), code) == expected


def test_no_employee_is_said_in_good_french(count):
    assert not headcount_bounds(count("commune"), "02002").startswith("de 0 à 0")


def test_the_table_of_a_level_has_the_indicators_that_make_sense_there(count, toy: Territories):
    communes, epci = table(count("commune"), "commune"), table(count("epci"), "epci")
    assert "couverture" not in communes.columns
    assert list(epci.columns) == list(INDICATORS)
    assert epci.index.tolist() == toy.layers["epci"].index.tolist()
    assert epci.at[OUEST, "pour_1000"] == 1


@pytest.mark.parametrize("key", INDICATORS)
def test_an_indicator_follows_the_index_of_its_territories(count, toy: Territories, key: str):
    values = INDICATORS[key].values(count("epci"))
    assert values.index.equals(toy.layers["epci"].index)
    assert not np.isinf(values).any()


@pytest.mark.parametrize("key", INDICATORS)
def test_an_indicator_says_what_it_is(key: str):
    indicator = INDICATORS[key]
    assert indicator.key == key
    assert indicator.definition.endswith(".")
    assert indicator.limits.endswith(".")
    assert indicator.source.endswith(".")
    assert indicator.formula
    assert indicator.unit_words
    assert set(indicator.levels) <= set(LEVEL_COLUMNS)


def test_counting_twice_gives_the_same(index: FilterIndex, toy: Territories):
    counter, mask = Counter(index, toy, "epci"), np.ones(len(index.actors), dtype=bool)
    first = table(counter.counts(mask), "epci")
    counter.counts(~mask)
    assert table(counter.counts(mask), "epci").equals(first)


# ---- the real territories, with one actor of Soissons


@pytest.fixture(scope="module")
def soissons(site: Site) -> np.ndarray:
    """Select one counted actor of Soissons, so that every figure can be computed by hand."""
    frame = site.actors.frame
    here = site.actors.counted & (frame["code_insee"] == "02722").to_numpy()
    mask = np.zeros(len(frame), dtype=bool)
    mask[np.flatnonzero(here)[0]] = True
    return mask


@pytest.mark.parametrize(
    ("territory", "key", "expected"),
    [
        # Population municipale 2023 (Insee): Soissons 28 046, CA GrandSoissons 51 809, PETR 106 668.
        ("commune:02722", "pour_1000", 1000 / 28046),
        ("epci:240200477", "pour_1000", 1000 / 51809),
        ("petr:soissonnais-valois", "pour_1000", 1000 / 106668),
        # 27 communes in the CA, 163 in the PETR
        ("epci:240200477", "couverture", 100 / 27),
        ("petr:soissonnais-valois", "couverture", 100 / 163),
        # 51 809 - 28 046 = 23 763; 106 668 - 28 046 = 78 622
        ("commune:02722", "sans_acteur", 0),
        ("epci:240200477", "sans_acteur", 23763),
        ("petr:soissonnais-valois", "sans_acteur", 78622),
        # Soissons measures 12.27 km2 on the shipped contours: 100 / 12.27 = 8.15
        ("commune:02722", "pour_100km2", 8.15),
        ("petr:coeur-hauts-de-france", "acteurs", 0),
        # 26 393 + 17 968 + 19 637 = 63 998 inhabitants, none of them with an actor of this selection
        ("petr:coeur-hauts-de-france", "sans_acteur", 63998),
    ],
)
def test_one_actor_of_soissons_by_hand(site: Site, soissons: np.ndarray, territory: str, key: str, expected: float):
    where = Territory.parse(territory)
    values = INDICATORS[key].values(site.counter(where.level).counts(soissons))
    assert values[where.code] == pytest.approx(expected, abs=0.005 if key == "pour_100km2" else 1e-9)


@pytest.mark.parametrize("level", LEVEL_COLUMNS)
def test_real_counts_are_those_of_the_table(site: Site, level: str):
    mask = site.index.mask(ActorFilter())
    counts = site.counter(level).counts(mask)
    counted = site.actors.frame[site.actors.counted]
    by_hand = counted[LEVEL_COLUMNS[level]].value_counts().reindex(counts.codes, fill_value=0)
    assert counts.acteurs.tolist() == by_hand.tolist()
    organisations = counted.groupby(LEVEL_COLUMNS[level])["organisation"].nunique().reindex(counts.codes, fill_value=0)
    assert counts.organisations.tolist() == organisations.tolist()


@pytest.mark.parametrize("level", ["epci", "petr", "departement", "region"])
def test_real_inhabitants_without_an_actor_add_up(site: Site, level: str):
    mask = site.index.mask(ActorFilter())
    communes, upper = site.counter("commune").counts(mask), site.counter(level).counts(mask)
    holder = site.territories.communes[LEVEL_COLUMNS[level]]
    alone = INDICATORS["sans_acteur"].values(communes)
    assert upper.sans_acteur.tolist() == alone.groupby(holder).sum().reindex(upper.codes).tolist()
    assert (upper.sans_acteur <= upper.population).all()
    assert (upper.couvertes <= upper.communes).all()


def test_real_headcount_bounds_are_in_order(site: Site):
    counts = site.counter("petr").counts(site.index.mask(ActorFilter()))
    assert (counts.effectif_min <= counts.effectif_max).all()
    assert (counts.effectif_connu <= counts.acteurs).all()
