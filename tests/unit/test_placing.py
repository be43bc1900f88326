from datetime import date

import pytest
from tests.servers.faults import nobody, running
from tests.servers.geoplateforme import Geoplateforme, Known

from esscarto.editing import Draft, actors_schema
from esscarto.jobs import Jobs, StoppedError
from esscarto.placing import choosable, corrections, look_up, search, wanting
from esscarto.storage.commune_names import CommuneNames
from esscarto.storage.geocode_cache import Answer, Found, GeocodeCache
from esscarto.storage.geocoding import address_of, geocoder
from esscarto.storage.http import Limits
from esscarto.storage.service_fault import Fault, ServiceError

DAY = "2026-11-22"
SOISSONS, PERONNE = "02722", "80620"
LIMITS = Limits(deadline_s=10, attempts=1, per_second=1000, backoff_s=0.01)
PATIENCE_S = 30


@pytest.fixture
def territories(site):
    return site.territories


@pytest.fixture
def place(territories):
    """A place that the geocoder proposes, at the label point of a real commune."""

    def make(code=SOISSONS, label="12 Rue des Essais 02200 Soissons", kind="housenumber", score=0.97):
        commune = territories.communes.loc[code]
        return Found(round(commune["label_lon"], 6), round(commune["label_lat"], 6), score, kind, code, label)

    return make


@pytest.fixture
def rows(make_rows):
    """A directory: each row is in Soissons, at an address, without a point."""
    known = {"adresse": "12 rue des Essais", "code_postal": "02200", "commune": "Soissons", "code_insee": SOISSONS}

    def make(*cells):
        return make_rows(*({**known, **each} for each in cells))

    return make


@pytest.fixture
def cache(tmp_path):
    return GeocodeCache(tmp_path / "geocodage.csv")


@pytest.fixture
def known(cache, territories):
    """Put in the cache what the geocoder said of a row."""

    def put(row, best, *candidates):
        address = address_of({**row, "longitude": ""}, CommuneNames(territories))
        cache.add([(address, Answer(best, DAY, candidates or None))])

    return put


def applied(rows, edits):
    draft = Draft(rows, actors_schema())
    for edit in edits:
        draft.apply(edit, date(2026, 11, 22))
    return draft.frame().set_index("id")


# ---- who could have a better point


def test_an_actor_with_an_address_and_no_point_is_to_be_placed(rows):
    directory = rows(
        {"id": "sans-point"},
        {"id": "sans-adresse", "adresse": " "},
        {"id": "place", "longitude": "3.3", "latitude": "49.4", "precision": "adresse"},
        {"id": "douteux", "lieu_confiance": "douteux"},
    )
    assert list(wanting(directory).index) == ["sans-point"]


def test_a_point_that_its_commune_refutes_is_looked_for_again(rows, territories, cache, known, place):
    directory = rows({"id": "ailleurs", "longitude": "7.7", "latitude": "48.5", "precision": "adresse"})
    wanted = wanting(directory, ["ailleurs"])
    known(wanted.iloc[0], place())
    (found,) = look_up(wanted, territories, cache)
    assert found.is_accepted
    (edit,) = corrections([(found, found.found)], territories)
    after = applied(directory, [edit]).loc["ailleurs"]
    assert float(after["longitude"]) == place().longitude


def test_the_real_directory_has_actors_to_place_and_none_of_them_has_a_point(site):
    wanted = wanting(site.actors.frame.reset_index(drop=True))
    assert len(wanted) > 0
    assert set(wanted["longitude"]) == {""}


# ---- what is known of them


def test_what_the_cache_says_of_each(rows, territories, cache, known, place):
    directory = rows(
        {"id": "sur"},
        {"id": "hesite", "adresse": "3 place Perdue"},
        {"id": "inconnu", "adresse": "rue Nulle"},
        {"id": "jamais", "adresse": "9 rue Neuve"},
        {"id": "hors", "code_insee": "97411", "commune": "Saint-Denis", "code_postal": "97400"},
    )
    wanted = wanting(directory)
    known(wanted.loc["sur"], place())
    middling, other = place(score=0.6), place(PERONNE, "3 Place Perdue 80200 Péronne", score=0.7)
    known(wanted.loc["hesite"], middling, other)
    known(wanted.loc["inconnu"], None)
    said = {each.actor: each for each in look_up(wanted, territories, cache)}
    assert {actor: each.decision for actor, each in said.items()} == {
        "sur": "adresse",
        "hesite": "a_revoir",
        "inconnu": "commune",
        "jamais": "non_cherche",
        "hors": "sans_objet",
    }
    assert (said["sur"].found, said["sur"].date, said["sur"].why) == (place(), DAY, "")
    assert said["hesite"].candidates == (middling, other)
    assert said["inconnu"].why == "adresse inconnue du géocodeur"


def test_a_point_no_better_than_a_commune_cannot_be_chosen(territories, place):
    assert choosable(place(), territories)
    assert choosable(place(kind="locality"), territories)
    assert not choosable(place(kind="municipality"), territories)
    assert not choosable(Found(55.4, -20.9, 0.9, "housenumber", "97411", "1 Rue X 97400 Saint-Denis"), territories)


# ---- what is written


def test_an_accepted_point_says_where_it_comes_from_and_when(rows, territories, cache, known, place):
    directory = rows({"id": "sur", "lieu_source": "site de la commune", "lieu_date": "2019"}, {"id": "autre"})
    known(directory.iloc[0], place())
    (found, _) = look_up(wanting(directory), territories, cache)
    after = applied(directory, corrections([(found, found.found)], territories))
    row = after.loc["sur"]
    assert (float(row["longitude"]), float(row["latitude"])) == (place().longitude, place().latitude)
    assert (row["precision"], row["lieu_date"], row["lieu_confiance"]) == ("adresse", "2019", "probable")
    assert row["lieu_source"].replace("\u00a0", " ") == (
        "site de la commune ; point : Base Adresse Nationale, géocodeur de la Géoplateforme, 2026-11-22, score 0,97"
    )
    assert (row["commune"], row["code_postal"]) == ("Soissons", "02200")
    assert after.loc["autre"].to_dict() == directory.set_index("id").loc["autre"].to_dict()


def test_a_place_chosen_in_another_commune_takes_the_row_there(rows, territories, cache, known, place):
    directory = rows({"id": "ailleurs"})
    other = place(PERONNE, "12 Rue des Essais 80200 Péronne", score=0.7)
    known(directory.iloc[0], place(score=0.6), other)
    (found,) = look_up(wanting(directory), territories, cache)
    row = applied(directory, corrections([(found, other)], territories)).loc["ailleurs"]
    assert (row["code_insee"], row["commune"], row["code_postal"]) == (PERONNE, "Péronne", "80200")


def test_a_hamlet_that_is_chosen_is_said_to_be_one(rows, territories, cache, known, place):
    directory = rows({"id": "hameau"})
    hamlet = place(label="Les Essarts 02200 Soissons", kind="locality", score=0.9)
    known(directory.iloc[0], hamlet, hamlet)
    (found,) = look_up(wanting(directory), territories, cache)
    assert found.decision == "a_revoir"
    row = applied(directory, corrections([(found, hamlet)], territories)).loc["hameau"]
    assert row["precision"] == "rue"
    assert row["lieu_source"].endswith("(lieu-dit)")


def test_nothing_chosen_changes_nothing(territories):
    assert corrections([], territories) == []


# ---- the search, as a task of the server


@pytest.fixture
def server(territories):
    commune = territories.communes.loc[SOISSONS]
    spot = (commune["label_lon"], commune["label_lat"])
    book = [Known(f"{n} Rue des Essais", "02200", SOISSONS, "Soissons", *spot) for n in (1, 2)]
    with running(Geoplateforme(book=[*book, Known("Allée Autre", "02200", SOISSONS, "Soissons", *spot)])) as service:
        yield service


@pytest.fixture
def run(territories, cache):
    """Search as the page does: in a thread, with a progress."""

    def go(wanted, url, tell=None):
        def work(progress):
            with geocoder(url, LIMITS) as service:
                search(wanted, territories, cache, service, tell(progress) if tell else progress)

        job = Jobs().start("situer", work)
        job.wait(PATIENCE_S)
        return job

    return go


def test_a_search_tells_how_far_it_is_and_fills_the_cache(rows, territories, cache, server, run):
    wanted = wanting(rows(*({"id": f"a{n}", "adresse": f"{n} rue des Essais"} for n in (1, 2))))
    job = run(wanted, server.url)
    assert (job.state, job.done, job.total) == ("done", 2, 2)
    assert [each.decision for each in look_up(wanted, territories, GeocodeCache(cache.path))] == ["adresse"] * 2


def test_a_search_that_is_stopped_keeps_its_answers_and_goes_on_at_the_second_click(
    rows, territories, cache, server, run
):
    wanted = wanting(rows({"id": "a1", "adresse": "1 rue des Essais"}, {"id": "a2", "adresse": "ruelle Inconnue"}))

    def stopped_after_the_file(progress):
        def tell(done, total):
            progress(done, total)
            if cache.path.exists():
                raise StoppedError

        return tell

    assert run(wanted, server.url, stopped_after_the_file).state == "stopped"
    assert look_up(wanted, territories, GeocodeCache(cache.path))[0].decision == "adresse"
    assert (len(server.files()), server.questions()) == (1, [])
    assert run(wanted, server.url).state == "done"
    # What was known is not asked again: only what else the doubtful one may be.
    assert (len(server.files()), len(server.questions())) == (1, 1)


def test_a_service_that_is_down_is_told_and_the_commune_stays(rows, territories, cache, run):
    wanted = wanting(rows({"id": "a1", "adresse": "1 rue des Essais"}))
    job = run(wanted, nobody())
    assert isinstance(job.error, ServiceError)
    assert job.error.fault == Fault.DOWN
    assert [each.decision for each in look_up(wanted, territories, cache)] == ["non_cherche"]
