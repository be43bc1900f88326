"""The route service: what is asked of it, what is taken of its answers, what is kept."""

import time
from dataclasses import replace

import pytest
from tests.servers.faults import nobody, running
from tests.servers.road_service import RoadService, road_km

from esscarto.errors import DataError
from esscarto.storage import roads
from esscarto.storage.http import Limits
from esscarto.storage.road_cache import COLUMNS, MOST_BYTES, Road, RoadCache, point
from esscarto.storage.roads import ask, route_service, wanted
from esscarto.storage.service_fault import Fault

QUICK = Limits(deadline_s=10, max_bytes=2**20, attempts=2, per_second=1000, backoff_s=0.01)
DAY = "2026-11-27"
SOISSONS, TAUX, COYOLLES, PERONNE = (3.3213, 49.3836), (3.3507, 49.2875), (3.0481, 49.2182), (2.9351, 49.9299)
LEGS = [(SOISSONS, TAUX), (TAUX, COYOLLES), (COYOLLES, SOISSONS)]


@pytest.fixture
def server():
    with running(RoadService()) as service:
        yield service


@pytest.fixture
def cache(tmp_path):
    return RoadCache(tmp_path / "itineraires.csv")


@pytest.fixture
def run(server, cache):
    def go(pairs=LEGS, limits=QUICK, **more):
        with route_service(server.url, limits) as service:
            return ask(pairs, cache, service, day=DAY, **more)

    return go


# ---- what is asked


def test_a_road_is_asked_as_the_documentation_says_and_kept_with_its_day(server, cache, run):
    assert run([(SOISSONS, TAUX)]).received == 1
    assert {name: values[0] for name, values in server.asked[0].parameters.items()} == {
        "resource": "bdtopo-osrm",
        "start": "3.3213,49.3836",
        "end": "3.3507,49.2875",
        "profile": "car",
        "optimization": "fastest",
        "getSteps": "false",
        "getBbox": "false",
        "distanceUnit": "kilometer",
        "timeUnit": "minute",
        "crs": "EPSG:4326",
    }
    km = road_km(SOISSONS, TAUX)
    assert cache.get(SOISSONS, TAUX) == Road(km, km, DAY)
    assert cache.get(TAUX, SOISSONS) is None


def test_what_is_known_is_not_asked_again_nor_the_way_from_a_point_to_itself(server, cache, run):
    told = []
    run([*LEGS, LEGS[0], (TAUX, TAUX)], progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3)]
    assert run(LEGS).received == 0
    assert len(server.asked) == 3
    assert wanted(LEGS, cache) == []


def test_one_click_asks_no_more_than_its_most():
    many = [(SOISSONS, point(3 + step / 1000, 49)) for step in range(roads.MOST + 5)]
    assert wanted(many, RoadCache()) == many[: roads.MOST]


def test_the_rate_stays_under_that_of_the_service():
    assert roads.LIMITS.per_second < 5


def test_the_address_of_the_service_is_chosen_by_the_environment(monkeypatch, server, cache):
    monkeypatch.setenv("ESSCARTO_ROUTES_URL", server.url)
    with route_service() as service:
        assert ask(LEGS[:1], cache, service).received == 1


# ---- the faults


@pytest.mark.parametrize(
    ("fault", "expected", "asked"),
    [
        ("429", Fault.BUSY, 3),
        ("500", Fault.BROKEN, 3),
        ("portal", Fault.PORTAL, 2),
        ("elsewhere", Fault.PORTAL, 2),
        ("garbage", Fault.GARBAGE, 2),
        ("400", Fault.REFUSED, 2),
        ("announced huge", Fault.HUGE, 2),
    ],
)
def test_the_first_fault_ends_the_request_and_what_was_received_is_kept(server, cache, run, fault, expected, asked):
    def spoil(done, _):
        server.fault = fault if done == 1 else ""

    done = run(progress=spoil)
    assert (done.received, done.interrupted.fault) == (1, expected)
    assert len(server.asked) == asked
    assert len(RoadCache(cache.path)) == 1


@pytest.mark.parametrize("fault", ["slow", "drip"])
def test_a_service_that_never_ends_is_left_at_the_deadline(server, run, fault):
    server.fault = fault
    start = time.monotonic()
    done = run(limits=replace(QUICK, deadline_s=0.4))
    assert done.interrupted.fault == Fault.SLOW
    assert time.monotonic() - start < 3


def test_nobody_there(cache):
    with route_service(nobody(), QUICK) as service:
        done = ask(LEGS, cache, service)
    assert done.received == 0
    assert "Le service d’itinéraire de l’IGN est injoignable" in str(done.interrupted)
    assert not cache.path.exists()


def test_a_click_has_an_end_even_when_each_answer_comes_in_time(server, run):
    done = run(patience_s=-1)
    assert (done.received, done.interrupted.fault, server.asked) == (0, Fault.SLOW, [])


def test_a_place_without_a_road_does_not_stop_the_others(server, cache, run):
    server.islands = ["3.0481,49.2182"]
    done = run()
    assert (done.received, done.without, done.interrupted) == (2, 1, None)
    assert cache.get(TAUX, COYOLLES) is None


@pytest.mark.parametrize(
    "said",
    [
        {"distance": -1},
        {"distance": None},
        {"distance": "12"},
        {"distance": True},
        {"duration": []},
        {"distance": 1e400},
        {"distance": 0.4, "duration": 1},  # far less than the straight line
        {"distance": 5_000, "duration": 3_000},
        {"distance": 12_400, "duration": 18},  # metres
        {"distance": 12.4, "duration": 1_080},  # seconds
        {"distance": 12.4, "duration": 0.3},  # hours
        {"distance": 12_400, "duration": 1_080},  # metres and seconds
    ],
    ids=str,
)
def test_an_absurd_answer_is_refused_and_not_kept(server, cache, run, said):
    server.said = said
    done = run()
    assert (done.received, done.interrupted.fault) == (0, Fault.GARBAGE)
    assert len(cache) == 0


def test_an_answer_that_is_not_an_object_is_refused(server, run):
    server.fault, server.garbage = "garbage", "[12.4, 18]"
    assert run().interrupted.fault == Fault.GARBAGE


def test_a_plausible_answer_a_little_shorter_than_the_straight_line_is_taken(server, run):
    # Both points are moved to the nearest road: 10.9 km in a straight line.
    server.said = {"distance": 10.5, "duration": 12}
    assert run([(SOISSONS, TAUX)]).received == 1


# ---- the cache


def test_the_file_reads_back_what_was_kept_and_the_last_line_counts(cache):
    cache.add(SOISSONS, PERONNE, Road(80.0, 70.0, DAY))
    cache.add(SOISSONS, PERONNE, Road(81.25, 71.5, DAY))
    again = RoadCache(cache.path)
    assert (len(again), again.get(SOISSONS, PERONNE)) == (1, Road(81.25, 71.5, DAY))
    assert cache.path.read_text(encoding="utf-8").splitlines() == [
        ",".join(COLUMNS),
        "3.3213,49.3836,2.9351,49.9299,80.0,70.0,2026-11-27",
        "3.3213,49.3836,2.9351,49.9299,81.25,71.5,2026-11-27",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "3.3213,49.3836,2.9351,49.9299,nan,70,2026-11-27",
        "3.3213,49.3836,2.9351,49.9299,-1,70,2026-11-27",
        "3.3213,49.3836,2.9351,49.9299,80,70,hier",
        "3.3213,49.3836,2.9351,49.9299,80,70,2026-11-2",
        "3.3213,49.3836,2.9351",
        "\0\xff",
    ],
)
def test_a_line_that_is_torn_or_altered_is_left_out_and_the_next_is_read(cache, line):
    cache.path.write_text(line, encoding="latin-1")
    cache.add(TAUX, COYOLLES, Road(30, 31, DAY))
    again = RoadCache(cache.path)
    assert (len(again), again.get(TAUX, COYOLLES)) == (1, Road(30, 31, DAY))


def test_a_file_that_grows_too_much_begins_again(cache):
    cache.path.write_bytes(b"x" * (MOST_BYTES + 1))
    cache.add(TAUX, COYOLLES, Road(30, 31, DAY))
    assert cache.path.stat().st_size < 200
    assert len(RoadCache(cache.path)) == 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path, server):
    cache = RoadCache(tmp_path / "nowhere" / "itineraires.csv")
    with route_service(server.url, QUICK) as service:
        done = ask(LEGS, cache, service)
    assert isinstance(done.interrupted, DataError)
    assert "ne peuvent pas être gardées" in str(done.interrupted)


def test_without_a_file_nothing_is_written_and_the_road_is_known(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cache = RoadCache()
    cache.add(TAUX, COYOLLES, Road(30, 31, DAY))
    assert cache.get(TAUX, COYOLLES)
    assert list(tmp_path.iterdir()) == []
