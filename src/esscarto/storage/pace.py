"""Turns taken one after the other: the rate that a web service asks its users to keep."""

import threading
import time
from collections.abc import Callable


class Pace:
    """Turns never closer to each other than the rate allows.

    Parameters
    ----------
    per_second : float
        The rate.
    clock, wait : callable
        Read the time in seconds; let it pass.
    """

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ):
        self._gap = 1 / per_second
        self._clock = clock
        self._wait = wait
        self._next = float("-inf")
        self._lock = threading.Lock()

    def take(self, patience_s: float) -> float:
        """Wait for one's turn, if it comes within ``patience_s`` seconds.

        Returns
        -------
        float
            0 when the turn is taken, else the seconds that remain before the next one, none being taken.
        """
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            if turn - now > patience_s:
                return turn - now
            self._next = turn + self._gap
        if turn > now:
            self._wait(turn - now)
        return 0.0

    def hold(self, seconds: float) -> None:
        """Give no turn to anybody for some time: the service asked for it."""
        with self._lock:
            self._next = max(self._next, self._clock() + seconds)


_SHARED: dict[tuple[str, float], Pace] = {}
_SHARED_LOCK = threading.Lock()


def shared_pace(host: str, per_second: float) -> Pace:
    """Return the pace that everything in this program keeps towards a host."""
    with _SHARED_LOCK:
        return _SHARED.setdefault((host, per_second), Pace(per_second))
