import threading

import pytest

from esscarto.jobs import Job, Jobs, StoppedError

PATIENCE_S = 30


@pytest.fixture
def gate():
    """What a task of these tests waits for."""
    event = threading.Event()
    yield event
    event.set()


def ended(job):
    job.wait(PATIENCE_S)
    return job


def test_a_job_gives_what_its_task_returns():
    job = ended(Job(lambda tell: tell(2, 2) or "trouvé"))
    assert (job.state, job.result, job.error, job.share) == ("done", "trouvé", None, 1.0)


def test_a_job_says_how_far_it_is(gate):
    told = threading.Event()

    def work(tell):
        tell(1, 4)
        told.set()
        gate.wait(PATIENCE_S)

    job = Job(work)
    assert told.wait(PATIENCE_S)
    assert (job.is_running, job.done, job.total, job.share) == (True, 1, 4, 0.25)


def test_nothing_is_done_before_the_task_says_how_much_there_is(gate):
    assert Job(lambda _: gate.wait(PATIENCE_S)).share == 0.0


def test_a_job_that_is_stopped_is_so_at_once_and_its_thread_ends_at_its_next_step(gate):
    steps = []

    def work(tell):
        gate.wait(PATIENCE_S)
        steps.append("avant")
        tell(1, 2)
        steps.append("après")

    job = Job(work)
    job.stop()
    assert job.state == "stopped"
    gate.set()
    ended(job)
    assert (steps, job.state, job.result) == (["avant"], "stopped", None)


def test_the_result_of_a_job_that_was_stopped_is_dropped(gate):
    job = Job(lambda _: gate.wait(PATIENCE_S) and "trop tard")
    job.stop()
    gate.set()
    assert ended(job).result is None


def test_a_failure_is_kept_for_the_page_to_say():
    def work(_):
        raise ValueError("abîmé")

    job = ended(Job(work))
    assert (job.state, str(job.error), job.result) == ("failed", "abîmé", None)


def test_a_job_that_has_ended_cannot_be_stopped():
    job = ended(Job(lambda _: 1))
    job.stop()
    assert (job.state, job.result) == ("done", 1)


def test_a_second_start_finds_the_job_that_is_running(gate):
    jobs = Jobs()
    first = jobs.start("situer", lambda _: gate.wait(PATIENCE_S))
    assert jobs.start("situer", lambda _: None) is first
    assert jobs.start("registres", lambda _: None) is not first
    jobs.forget("situer")
    assert jobs.get("situer") is first
    gate.set()
    ended(first)
    second = jobs.start("situer", lambda _: "encore")
    assert second is not first
    assert ended(second).result == "encore"
    jobs.forget("situer")
    assert jobs.get("situer") is None


def test_a_task_can_end_itself_as_stopped():
    def work(_):
        raise StoppedError

    assert ended(Job(work)).state == "stopped"
