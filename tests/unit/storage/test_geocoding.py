import time
from dataclasses import replace

import pandas as pd
import pytest
from tests.servers.faults import FAULTS, nobody, running
from tests.servers.geoplateforme import Geoplateforme, Known

from esscarto.errors import DataError
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.storage import geocoding
from esscarto.storage.geocode_cache import COLUMNS as CACHE_COLUMNS
from esscarto.storage.geocode_cache import Address, Answer, GeocodeCache, found
from esscarto.storage.geocoding import Geocoding, apply, cleaned, geocode, geocoder
from esscarto.storage.http import Limits
from esscarto.storage.service_fault import Fault

LIMITS = Limits(deadline_s=10, max_bytes=2**20, attempts=2, per_second=1000, backoff_s=0.01)
DAY = "2026-11-22"
SOISSONS, PERONNE, HARTENNES = "02722", "80620", "02372"


@pytest.fixture(scope="session")
def known(site):
    """A book of addresses made up for the tests, at the label points of real communes."""

    def place(code, name, kind="housenumber", score=None):
        row = site.territories.communes.loc[code]
        postcode = row["codes_postaux"].split("|")[0]
        return Known(name, postcode, code, row["nom"], row["label_lon"], row["label_lat"], kind, score)

    return place


@pytest.fixture
def server(known):
    book = [
        known(SOISSONS, "12 Rue des Essais"),
        known(SOISSONS, "Boulevard des Épreuves", "street"),
        known(SOISSONS, "Soissons", "municipality"),
        known(PERONNE, "3 Place des Essais"),
        known(PERONNE, "Les Essarts", "locality"),
    ]
    with running(Geoplateforme(book=book)) as service:
        yield service


@pytest.fixture
def cache(tmp_path):
    return GeocodeCache(tmp_path / "geocodage.csv")


@pytest.fixture
def rows():
    """Make rows of a file."""

    def make(*cells):
        columns = ["adresse", "code_postal", "commune", "code_insee", "longitude", "latitude", "precision"]
        return pd.DataFrame([{**dict.fromkeys(columns, ""), **each} for each in cells], dtype=str)

    return make


@pytest.fixture
def run(site, cache):
    """Geocode rows with a server, or without the network when there is none."""

    def go(rows, server=None, progress=None, limits=LIMITS, kept=cache):
        if server is None:
            return geocode(rows, site.territories, kept)
        with geocoder(server.url, limits) as service:
            return geocode(rows, site.territories, kept, service, progress, DAY)

    return go


def only(done):
    return done.frame.iloc[0]


# ---- what is accepted


def test_a_number_in_its_commune_is_accepted_and_keeps_all_that_was_said(rows, run, server, known):
    done = run(rows({"adresse": "12 rue des Essais", "code_insee": SOISSONS}), server)
    place = known(SOISSONS, "")
    assert only(done).to_dict() == {
        "geo_decision": "adresse",
        "geo_longitude": pytest.approx(place.longitude, abs=1e-6),
        "geo_latitude": pytest.approx(place.latitude, abs=1e-6),
        "geo_score": 1.0,
        "geo_type": "housenumber",
        "geo_label": "12 Rue des Essais 02200 Soissons",
        "geo_code_insee": SOISSONS,
        "geo_date": DAY,
        "geo_motif": "",
        "geo_candidats": (),
    }


def test_a_street_is_accepted_as_a_street(rows, run, server):
    assert only(run(rows({"adresse": "bd des épreuves", "code_insee": SOISSONS}), server)).geo_decision == "a_revoir"
    assert only(run(rows({"adresse": "boulevard des épreuves", "code_insee": SOISSONS}), server)).geo_decision == "rue"


def test_the_commune_is_a_filter_and_the_file_says_so(rows, run, server):
    run(rows({"adresse": "12 rue des Essais", "code_insee": SOISSONS, "code_postal": "02209"}), server)
    (sent,) = server.files()
    assert sent == [{"cle": "0", "adresse": "12 rue des Essais", "commune": "Soissons", "insee": SOISSONS}]
    assert server.questions() == []


@pytest.mark.parametrize(
    "place",
    [
        {"commune": "SOISSONS", "code_postal": "02200"},
        {"commune": "Soissons Cedex 9", "code_postal": "02200"},
        {"code_insee": SOISSONS},
    ],
)
def test_the_commune_may_be_a_code_or_a_name_with_its_postal_code(rows, run, server, place):
    assert only(run(rows({"adresse": "12 rue des Essais", **place}), server)).geo_decision == "adresse"


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"commune": "Soissons"},
        {"code_postal": "02200"},
        {"commune": "Soissons", "code_postal": "80200"},
        {"code_insee": "99999"},
    ],
)
def test_without_a_commune_that_can_be_told_nothing_is_asked(rows, run, server, place):
    assert only(run(rows({"adresse": "12 rue des Essais", **place}), server)).geo_decision == "sans_objet"
    assert server.asked == []


def test_a_row_that_has_a_point_or_no_address_is_left_alone(rows, run, server):
    done = run(
        rows(
            {"adresse": "12 rue des Essais", "code_insee": SOISSONS, "longitude": "3.3"},
            {"adresse": " - ", "code_insee": SOISSONS},
        ),
        server,
    )
    assert done.count("sans_objet") == 2
    assert server.asked == []


# ---- what is not


def test_a_likeness_that_is_only_fair_is_to_review_with_its_candidates(rows, run, server):
    row = only(run(rows({"adresse": "14 rue Essai", "code_insee": SOISSONS}), server))
    assert (row.geo_decision, row.geo_label) == ("a_revoir", "12 Rue des Essais 02200 Soissons")
    assert "ressemblance moyenne" in row.geo_motif
    assert row.geo_candidats[0].label == "12 Rue des Essais 02200 Soissons"
    assert geocoding.REVIEWED_SCORE <= row.geo_score < geocoding.ACCEPTED_SCORE


def test_an_address_that_is_in_another_commune_is_to_review(rows, run, server):
    row = only(run(rows({"adresse": "3 place des Essais", "code_insee": HARTENNES}), server))
    assert row.geo_decision == "a_revoir"
    assert row.geo_motif == "trouvée dans une autre commune\u00a0: 3 Place des Essais 80200 Péronne"
    assert row.geo_code_insee == PERONNE


def test_a_service_that_leaves_the_commune_is_asked_for_candidates(rows, run, server):
    server.spoil = lambda text: text.replace(f",{SOISSONS},,,,ok", f",{PERONNE},,,,ok")
    row = only(run(rows({"adresse": "12 rue des Essais", "code_insee": SOISSONS}), server))
    assert (row.geo_decision, row.geo_score) == ("a_revoir", 1.0)
    assert [each.code_insee for each in row.geo_candidats][:2] == [PERONNE, SOISSONS]


def test_a_hamlet_is_to_review(rows, run, server):
    row = only(run(rows({"adresse": "Les Essarts", "code_insee": PERONNE}), server))
    assert (row.geo_decision, row.geo_motif) == ("a_revoir", "un lieu-dit et non une adresse")


def test_a_far_point_with_a_low_score_gives_way_to_the_commune(rows, run, server, site):
    server.book = [Known("Rue Perdue", "02200", SOISSONS, "Soissons", -1.4748, 43.4929, "street", 0.41)]
    row = only(run(rows({"adresse": "rue inconnue", "code_insee": SOISSONS}), server))
    commune = site.territories.communes.loc[SOISSONS]
    assert row.geo_decision == "commune"
    assert (row.geo_longitude, row.geo_latitude) == (commune.label_lon, commune.label_lat)
    assert row.geo_score == 0.41


def test_a_far_point_with_a_high_score_is_to_review(rows, run, server):
    server.book = [Known("12 Rue des Essais", "02200", SOISSONS, "Soissons", -1.4748, 43.4929)]
    row = only(run(rows({"adresse": "12 rue des Essais", "code_insee": SOISSONS}), server))
    assert row.geo_decision == "a_revoir"
    assert "m de la commune" in row.geo_motif


def test_a_whole_commune_found_for_an_address_is_no_address(rows, run, server):
    server.book = [known for known in server.book if known.type == "municipality"]
    row = only(run(rows({"adresse": "Soissons", "code_insee": SOISSONS}), server))
    assert row.geo_decision == "commune"


def test_an_address_of_which_nothing_is_known_gives_way_to_the_commune(rows, run, server):
    server.book = []
    row = only(run(rows({"adresse": "12 rue des Essais", "code_insee": SOISSONS}), server))
    assert (row.geo_decision, row.geo_motif) == ("commune", "adresse inconnue du géocodeur")


def test_a_question_never_begins_with_a_sign(rows, run, server):
    run(rows({"adresse": ", (12) rue de l’Essai.\n02200 SOISSONS,", "code_insee": SOISSONS}), server)
    assert server.questions() == ["12) rue de l’Essai. 02200 SOISSONS Soissons"]
    assert cleaned("« 3 bis, rue X »") == "3 bis, rue X"
    assert len(cleaned("rue " * 500)) <= geocoding.MOST_CHARACTERS


# ---- the nine faults


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_leaves_the_commune_says_why_and_keeps_nothing(rows, run, server, cache, fault):
    server.fault, server.retry_after = fault, "60"
    server.garbage = "cle,longitude,latitude\n0,NaN,null\n"
    deadline_s = 0.5 if fault in ("slow", "drip") else 10
    limits = replace(LIMITS, deadline_s=deadline_s, per_second=990 + FAULTS.index(fault))
    given = rows({"adresse": "12 rue des Essais", "code_insee": SOISSONS})
    if fault == "down":
        server = type("Nobody", (), {"url": nobody()})
    start = time.perf_counter()
    done = run(given, server, limits=limits)
    assert time.perf_counter() - start < 3
    expected = {
        "down": Fault.DOWN,
        "slow": Fault.SLOW,
        "drip": Fault.SLOW,
        "429": Fault.BUSY,
        "redirect loop": Fault.LOOP,
        "portal": Fault.PORTAL,
        "huge": Fault.HUGE,
        "garbage": Fault.GARBAGE,
    }
    assert done.interrupted.fault == expected[fault]
    assert str(done.interrupted).startswith("Le géocodeur de la Géoplateforme ")
    assert only(done).geo_decision == "non_cherche"
    assert len(cache) == 0
    assert not cache.path.exists()


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("1.0,", "NaN,"),
        ("1.0,", "null,"),
        ("1.0,", "inf,"),
        ("1.0,", "17,"),
        (SOISSONS + ",,,,ok", SOISSONS),
        ("\n0,", "\n7,"),
        ("\n0,", "\n"),
        ("result_citycode", "citycode"),
    ],
)
def test_a_table_that_does_not_hold_is_refused_whole(rows, run, server, cache, good, bad):
    server.spoil = lambda text: text.replace("\r\n", "\n").replace(good, bad, 1)
    done = run(rows({"adresse": "12 rue des Essais", "code_insee": SOISSONS}), server)
    assert (done.interrupted.fault if done.interrupted else "", len(cache)) == (Fault.GARBAGE, 0)


def test_a_table_that_lost_its_lines_is_refused(rows, run, server, cache):
    server.spoil = lambda text: text.splitlines(keepends=True)[0]
    assert run(rows({"adresse": "12 rue des Essais", "code_insee": SOISSONS}), server).interrupted
    assert len(cache) == 0


# ---- resume


def test_what_was_found_before_the_fault_is_kept_and_the_rest_asked_next_time(rows, run, server, cache, monkeypatch):
    monkeypatch.setattr(geocoding, "CHUNK", 2)
    given = rows(*({"adresse": f"{n} rue des Essais", "code_insee": SOISSONS} for n in range(10, 15)))
    server.book = [Known(f"{n} Rue des Essais", "02200", SOISSONS, "Soissons", 3.3237, 49.3805) for n in range(10, 15)]

    def breaks_after_the_first_file(done, _):
        server.fault = "portal" if done else ""

    first = run(given, server, breaks_after_the_first_file)
    assert (first.count("adresse"), first.count("non_cherche")) == (2, 3)
    assert first.interrupted.fault == Fault.PORTAL
    server.fault = ""
    server.asked.clear()
    steps = []
    second = run(given, server, lambda done, total: steps.append((done, total)), kept=GeocodeCache(cache.path))
    assert second.count("adresse") == 5
    assert second.interrupted is None
    assert [len(file) for file in server.files()] == [2, 1]
    assert steps == [(2, 5), (4, 5), (5, 5)]


def test_nobody_is_asked_twice_the_same(rows, run, server):
    given = rows(
        {"adresse": "12 rue des Essais", "code_insee": SOISSONS},
        {"adresse": "12 RUE DES ESSAIS", "code_insee": SOISSONS},
        {"adresse": "14 rue Essai", "code_insee": SOISSONS},
    )
    first = run(given, server)
    asked = len(server.asked)
    assert [len(file) for file in server.files()] == [2]
    pd.testing.assert_frame_equal(run(given, server).frame, first.frame)
    assert len(server.asked) == asked


def test_without_a_service_the_network_is_not_asked(rows, run, server):
    given = rows({"adresse": "12 rue des Essais", "code_insee": SOISSONS})
    assert only(run(given)).geo_decision == "non_cherche"
    run(given, server)
    asked = len(server.asked)
    assert only(run(given)).geo_decision == "adresse"
    assert len(server.asked) == asked == 1


def test_a_thousand_cached_rows_take_less_than_two_seconds(rows, run, cache, site):
    communes = site.territories.communes
    codes = list(communes.index[:1000])
    given = rows(*({"adresse": f"{n} rue des Essais", "code_insee": code} for n, code in enumerate(codes)))
    cache.add(
        (
            Address(f"{n} rue des Essais", "", code),
            Answer(found(row.label_lon, row.label_lat, 0.9, "street", code, f"{n} rue"), DAY, ()),
        )
        for n, (code, row) in enumerate(communes.loc[codes].iterrows())
    )
    start = time.perf_counter()
    done = run(given, kept=GeocodeCache(cache.path))
    apply(given, done)
    assert time.perf_counter() - start <= 2
    assert done.count("rue") == 1000


# ---- the cache


def test_the_cache_is_a_table_that_can_be_read_by_eye(rows, run, server, cache):
    run(rows({"adresse": "12 rue des Essais", "code_insee": SOISSONS}), server)
    header, line = cache.path.read_text(encoding="utf-8").splitlines()
    assert header.split(",") == list(CACHE_COLUMNS)
    assert line.startswith(f"12 rue des Essais,,{SOISSONS},3.")
    assert line.endswith(f",1.0,housenumber,{SOISSONS},12 Rue des Essais 02200 Soissons,{DAY},")


def test_a_line_torn_by_a_power_cut_is_left_out_and_the_next_ones_are_read(cache):
    place = found(3.3, 49.4, 0.9, "street", SOISSONS, 'Rue "X", Y\u2028Z')
    for name in "ab":
        cache.add([(Address(f"rue {name}", "", SOISSONS), Answer(place, DAY, (place,)))])
    content = cache.path.read_bytes()
    whole = content.splitlines(keepends=True)
    for cut in range(1, len(whole[2]) - 1):
        cache.path.write_bytes(b"".join(whole[:2]) + whole[2][:cut])
        torn = GeocodeCache(cache.path)
        kept = torn.get(Address("rue b", "", SOISSONS))
        assert kept is None or (kept.best, kept.date) == (place, DAY)
        torn.add([(Address("rue c", "", SOISSONS), Answer(place, DAY, (place,)))])
        again = GeocodeCache(cache.path)
        assert again.get(Address("RUE C", "", SOISSONS)).candidates == (place,)
        assert again.get(Address("rue a", "", SOISSONS)).candidates == (place,)


def test_two_programs_may_add_to_one_cache(tmp_path):
    one, other = GeocodeCache(tmp_path / "c.csv"), GeocodeCache(tmp_path / "c.csv")
    one.add([(Address("rue a", "", SOISSONS), Answer(None, DAY))])
    other.add([(Address("rue b", "", SOISSONS), Answer(None, DAY))])
    assert len(GeocodeCache(tmp_path / "c.csv")) == 2


def test_another_file_is_not_taken_for_a_cache_and_is_not_written_to(tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text("id,nom\na,A\n", encoding="utf-8")
    with pytest.raises(DataError, match="n’est pas un cache de géocodage"):
        GeocodeCache(path)
    assert path.read_text(encoding="utf-8") == "id,nom\na,A\n"


def test_a_cache_that_cannot_be_written_says_so_in_french(tmp_path):
    (tmp_path / "file").write_text("")
    cache = GeocodeCache(tmp_path / "file" / "geocodage.csv")
    with pytest.raises(DataError, match="le cache du géocodage ne peut pas être écrit"):
        cache.add([(Address("rue a", "", SOISSONS), Answer(None, DAY))])


# ---- write in


def test_an_accepted_point_enters_the_row_and_what_it_said_stays(rows, run, server):
    given = rows(
        {"adresse": "12 rue des Essais", "code_insee": SOISSONS, "precision": "commune"},
        {"adresse": "rue inconnue", "code_insee": SOISSONS, "precision": "adresse"},
        {"adresse": "12 rue des Essais", "commune": "Soissons", "code_postal": "02200"},
        {"adresse": "rue X", "precision": "departement"},
    ).assign(lieu_source=["Liste de 2020", "", "", ""], lieu_date=["2020-12", "", "", ""], lieu_confiance="")
    out = apply(given, run(given, server))
    assert out["precision"].tolist() == ["adresse", "commune", "adresse", "departement"]
    assert out["lieu_source"].tolist()[0] == (
        "Liste de 2020 ; point\u00a0: Base Adresse Nationale, géocodeur de la Géoplateforme, 2026-11-22, score 1,00"
    )
    assert out["lieu_date"].tolist() == ["2020-12", "", DAY, ""]
    assert out["lieu_confiance"].tolist() == ["probable", "", "probable", ""]
    assert out["longitude"].tolist()[1] == ""
    assert out["code_insee"].tolist() == [SOISSONS, SOISSONS, SOISSONS, ""]
    assert out["longitude"].str.fullmatch(r"3\.\d{6}").tolist() == [True, False, True, False]


def test_the_rows_that_come_out_hold_against_the_published_schema(run, make_rows, server):
    schema = read_schema(SCHEMAS / "acteurs.schema.json")
    given = make_rows(
        {"adresse": "12 rue des Essais", "code_insee": SOISSONS, "precision": "adresse"},
        {"adresse": "rue inconnue", "code_insee": SOISSONS, "precision": "rue"},
    )
    out = apply(given, run(given, server))
    assert list(schema.problems(out)) == []
    assert out["geo_decision"].tolist() == ["adresse", "commune"]


def test_nothing_to_geocode_is_nothing_done(rows, run):
    done = run(rows())
    assert isinstance(done, Geocoding)
    assert apply(rows(), done).empty


# ---- its address


def test_the_address_of_the_geocoder_can_be_set(monkeypatch):
    monkeypatch.delenv("ESSCARTO_GEOCODER_URL", raising=False)
    with geocoder() as service:
        assert service._base == "https://data.geopf.fr/geocodage"
    monkeypatch.setenv("ESSCARTO_GEOCODER_URL", "http://127.0.0.1:9/geocodage/")
    with geocoder() as service:
        assert service._base == "http://127.0.0.1:9/geocodage"
