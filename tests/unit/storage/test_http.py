import itertools
import threading
import time

import pytest
from tests.servers.faults import LocalService, json_answer, nobody, running

import esscarto
from esscarto.errors import DataError
from esscarto.storage.http import Limits, Service, retry_after
from esscarto.storage.pace import Pace, shared_pace
from esscarto.storage.service_fault import Fault, ServiceError

# A rate of its own for what is told to wait a minute: the next test may be given the same port.
PATIENT = Limits(deadline_s=10, per_second=997, backoff_s=0.01)
SHORT = Limits(deadline_s=0.3, per_second=1000)
QUICK = Limits(deadline_s=10, max_bytes=2**20, attempts=3, per_second=1000, backoff_s=0.01)


class Echo(LocalService):
    """Answers with what it was asked."""

    kind = "text/csv"
    text = "a,b\n1,2\n"

    def answer(self, asked):
        if asked.method == "GET":
            return json_answer({"path": asked.path, "parameters": asked.parameters})
        return 200, self.kind, self.text


@pytest.fixture
def echo():
    with running(Echo()) as service:
        yield service


@pytest.fixture
def ask(echo):
    with Service("Le service", echo.url, QUICK) as service:
        yield service


def failing(call, *arguments):
    """Call, and return the fault, the sentence and the seconds it took."""
    start = time.perf_counter()
    with pytest.raises(ServiceError) as caught:
        call(*arguments)
    return caught.value.fault, str(caught.value), time.perf_counter() - start


# ---- what is asked


def test_a_question_carries_its_parameters_and_says_who_asks(echo, ask):
    answer = ask.get_json("/search", {"q": "12 rue de l’Église", "limit": 3, "autocomplete": False})
    assert answer["parameters"] == {"q": ["12 rue de l’Église"], "limit": ["3"], "autocomplete": ["false"]}
    assert echo.asked[0].headers["User-Agent"] == f"esscarto/{esscarto.__version__}"


def test_a_file_is_sent_with_a_field_repeated(echo, ask):
    assert ask.post_csv("/search/csv", {"columns": ["adresse", "commune"], "citycode": "insee"}, b"x\n") == "a,b\n1,2\n"
    body = echo.asked[0].body
    assert body.count(b'name="columns"') == 2
    assert b'name="data"; filename="adresses.csv"' in body


@pytest.mark.parametrize("address", ["data.geopf.fr", "file:///etc/passwd", "ftp://exemple.fr", "", "http://", "\0"])
def test_an_address_that_is_not_of_the_web_is_refused(address):
    with pytest.raises(DataError, match="n’est pas l’adresse d’un service"):
        Service("Le service", address)


# ---- the faults


def test_nobody_there():
    with Service("Le géocodeur", nobody(), QUICK) as service:
        fault, said, _ = failing(service.get_json, "/search", {})
    assert fault == Fault.DOWN
    assert said == "Le géocodeur est injoignable. Vérifiez la connexion, puis relancez."


def test_a_name_that_no_server_has():
    with Service("Le géocodeur", "http://geocodage.invalid", QUICK) as service:
        assert failing(service.get_json, "/search", {})[0] in (Fault.DOWN, Fault.SLOW)


@pytest.mark.parametrize("fault", ["slow", "drip"])
def test_the_caller_is_back_at_the_deadline_by_the_clock_on_the_wall(echo, fault):
    echo.fault = fault
    with Service("Le service", echo.url, SHORT) as ask:
        found, said, seconds = failing(ask.get_json, "/search", {})
    assert found == Fault.SLOW
    assert "en 0,3 s" in said
    # The second byte of the drip comes after one second.
    assert SHORT.deadline_s <= seconds < 0.95


def test_the_thread_of_a_slow_call_ends_by_itself(echo):
    echo.fault = "drip"
    with Service("Le service", echo.url, SHORT) as ask:
        failing(ask.get_json, "/search", {})
        for thread in [thread for thread in threading.enumerate() if thread.name == "esscarto-http"]:
            thread.join(timeout=10)
            assert not thread.is_alive()


def test_a_service_that_is_well_again_after_two_faults_answers(echo, ask):
    echo.fault, echo.failing = "503", 2
    assert ask.get_json("/search", {})["path"] == "/search"
    assert len(echo.asked) == 3


def test_a_service_that_stays_broken_is_asked_three_times(echo, ask):
    echo.fault = "500"
    fault, said, _ = failing(ask.get_json, "/search", {})
    assert (fault, len(echo.asked)) == (Fault.BROKEN, 3)
    assert said == "Le service est en panne (code 500). Réessayez plus tard."


def test_the_seconds_that_a_busy_service_asks_for_are_waited():
    with running(Echo(fault="429", failing=1, retry_after="1")) as service:
        with Service("Le service", service.url, Limits(deadline_s=5, per_second=1000, backoff_s=0.01)) as ask:
            start = time.perf_counter()
            assert ask.get_json("/search", {})["path"] == "/search"
        assert time.perf_counter() - start >= 1
        assert len(service.asked) == 2


def test_a_busy_service_that_asks_for_more_than_the_deadline_is_not_asked_again(echo):
    echo.fault, echo.retry_after = "429", "60"
    with Service("Le service", echo.url, PATIENT) as ask:
        fault, said, seconds = failing(ask.get_json, "/search", {})
    assert (fault, len(echo.asked)) == (Fault.BUSY, 1)
    assert "reçoit trop de demandes et demande d’attendre 60 s" in said
    assert seconds < PATIENT.deadline_s


def test_the_next_call_does_not_go_either_before_the_time_that_was_asked_for(echo):
    echo.fault, echo.failing, echo.retry_after = "429", 1, "60"
    with Service("Le service", echo.url, PATIENT) as ask:
        failing(ask.get_json, "/search", {})
    with Service("Le service", echo.url, PATIENT) as another:
        fault, said, _ = failing(another.get_json, "/search", {})
    assert (fault, len(echo.asked)) == (Fault.BUSY, 1)
    assert "demande d’attendre" in said


def test_a_busy_service_that_asks_for_nothing_is_tried_again(echo, ask):
    echo.fault, echo.failing = "429", 2
    assert ask.get_json("/search", {})["path"] == "/search"


def test_a_redirection_without_end_is_left(echo, ask):
    echo.fault = "redirect loop"
    fault, said, _ = failing(ask.get_json, "/search", {})
    assert (fault, len(echo.asked)) == (Fault.LOOP, QUICK.max_redirects + 1)
    assert "sans fin" in said


def test_one_redirection_on_the_same_host_is_followed(echo, ask):
    echo.fault, echo.failing = "redirect loop", 1
    assert ask.get_json("/search", {})["parameters"] == {"encore": ["1"]}


def test_a_redirection_to_another_host_is_not_followed(echo, ask):
    echo.fault = "elsewhere"
    assert failing(ask.get_json, "/search", {})[0] == Fault.PORTAL
    assert len(echo.asked) == 1


@pytest.mark.parametrize("fault", ["portal", "511"])
def test_the_page_of_a_captive_portal_is_recognised(echo, ask, fault):
    echo.fault = fault
    found, said, _ = failing(ask.get_json, "/search", {})
    assert found == Fault.PORTAL
    assert "ouvrez un navigateur" in said


def test_a_page_that_pretends_to_be_a_table_is_recognised(echo, ask):
    echo.text = "<html><body>Bonjour</body></html>"
    assert failing(ask.post_csv, "/search/csv", {}, b"")[0] == Fault.PORTAL


@pytest.mark.parametrize("fault", ["huge", "announced huge"])
def test_an_answer_too_big_is_not_read(echo, ask, fault):
    echo.fault = fault
    found, said, seconds = failing(ask.get_json, "/search", {})
    assert found == Fault.HUGE
    assert "plus de 1 Mo" in said
    assert seconds < QUICK.deadline_s


@pytest.mark.parametrize(
    "text", ['{"score": NaN}', '{"score": Infinity}', "", "null,", "{", '"\xff\xfe"', "[" * 100_000]
)
def test_garbage_is_not_taken_for_an_answer(echo, ask, text):
    echo.fault, echo.garbage = "garbage", text
    fault, said, _ = failing(ask.get_json, "/search", {})
    assert fault == Fault.GARBAGE
    assert "Rien n’en a été gardé" in said


def test_an_answer_of_another_kind_is_not_taken_for_a_table(echo, ask):
    echo.kind = "image/png"
    assert failing(ask.post_csv, "/search/csv", {}, b"")[0] == Fault.GARBAGE


def test_a_refusal_is_told_with_the_words_of_the_service_and_not_tried_again(echo, ask):
    echo.fault = "400"
    fault, said, _ = failing(ask.get_json, "/search", {})
    assert (fault, len(echo.asked)) == (Fault.REFUSED, 1)
    assert "(code 400 : Veuillez indiquer un filtre valide.)" in said


# ---- the rate


class Clock:
    """A clock that moves when somebody waits."""

    def __init__(self):
        self.now = 100.0

    def read(self):
        return self.now

    def wait(self, seconds):
        self.now += seconds


def test_turns_are_never_closer_than_the_rate():
    clock = Clock()
    pace = Pace(7, clock.read, clock.wait)
    turns = []
    for _ in range(15):
        assert pace.take(10) == 0
        turns.append(clock.now)
    assert turns[0] == 100
    assert min(later - sooner for sooner, later in itertools.pairwise(turns)) >= 1 / 7 - 1e-9


def test_a_turn_that_comes_too_late_is_not_taken():
    clock = Clock()
    pace = Pace(1, clock.read, clock.wait)
    pace.hold(60)
    assert pace.take(5) == pytest.approx(60)
    assert clock.now == 100
    assert pace.take(60) == 0
    assert clock.now == pytest.approx(160)


def test_two_services_of_one_host_share_their_rate():
    assert shared_pace("exemple.fr:443", 7) is shared_pace("exemple.fr:443", 7)
    assert shared_pace("exemple.fr:443", 7) is not shared_pace("ailleurs.fr:443", 7)


def test_what_a_busy_service_asks_for_is_read_as_seconds_or_as_a_date():
    assert retry_after("12") == 12
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("Fri, 31 Dec 9999 23:59:59 GMT") > 1e9
    assert [retry_after(text) for text in ("", "soon", "-3", "²")] == [None] * 4
