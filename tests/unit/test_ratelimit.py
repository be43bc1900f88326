"""A sliding window, with a clock that the test moves."""

import threading

from esscarto.ratelimit import RateLimiter


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_sender_may_send_as_often_as_the_limit_then_waits_for_the_oldest_to_age():
    clock = Clock()
    limiter = RateLimiter(2, 60.0, clock=clock)
    assert limiter.wait_s("a") == 0
    clock.now += 20
    assert limiter.wait_s("a") == 0
    clock.now += 10
    assert limiter.wait_s("a") == 30
    clock.now += 29
    assert limiter.wait_s("a") == 1
    clock.now += 1
    # The window slides: one is allowed, not two.
    assert limiter.wait_s("a") == 0
    assert limiter.wait_s("a") == 20


def test_one_sender_does_not_make_another_wait():
    limiter = RateLimiter(1, 60.0, clock=Clock())
    assert limiter.wait_s("a") == 0
    assert limiter.wait_s("a") == 60
    assert limiter.wait_s("b") == 0


def test_what_names_a_sender_is_nowhere_in_the_limiter():
    limiter = RateLimiter()
    limiter.wait_s("203.0.113.7")
    assert "203.0.113.7" not in str(vars(limiter))
    assert RateLimiter()._secret != limiter._secret


def test_senders_are_forgotten_after_the_window_and_beyond_capacity():
    clock = Clock()
    limiter = RateLimiter(1, 60.0, capacity=3, clock=clock)
    for sender in "abcdef":
        assert limiter.wait_s(sender) == 0
        assert len(limiter._sent) <= 3
    assert limiter.wait_s("f") == 60
    clock.now += 61
    assert limiter.wait_s("g") == 0
    assert len(limiter._sent) == 1


def test_a_crowd_of_threads_gets_no_more_than_the_limit():
    limiter, allowed = RateLimiter(10, 60.0, clock=Clock()), []
    start = threading.Barrier(8)

    def send():
        start.wait()
        for _ in range(10):
            if limiter.wait_s("a") == 0:
                allowed.append(1)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == 10


def test_a_sender_named_with_half_a_character_is_counted_too():
    limiter = RateLimiter(1, 60.0, clock=Clock())
    assert limiter.wait_s("\ud83d") == 0
    assert limiter.wait_s("\ud83d") == 60
