"""How often one visitor may send something: a sliding window that remembers no one."""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable


class RateLimiter:
    """At most ``limit`` sendings of one sender in any ``window_s`` seconds.

    What names a sender (a session, a network address) is hashed with a secret that dies with the process, and
    is forgotten after the window: nothing of it is written anywhere.

    Parameters
    ----------
    limit : int
        Sendings allowed in the window.
    window_s : float
        Length of the window, in seconds.
    capacity : int
        Senders remembered at most; beyond, the one that has been silent longest is forgotten.
    clock : callable
        Seconds that never go back.
    """

    def __init__(
        self,
        limit: int = 5,
        window_s: float = 3600.0,
        *,
        capacity: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._limit, self._window_s, self._capacity, self._clock = limit, window_s, capacity, clock
        self._secret = secrets.token_bytes(32)
        self._sent: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, sender: str) -> float:
        """Count one sending and return 0, or return the seconds to wait before the next is allowed."""
        key = hmac.new(self._secret, sender.encode("utf-8", "replace"), hashlib.sha256).digest()
        with self._lock:
            now = self._clock()
            self._forget(now)
            times = self._sent.get(key, deque())
            while times and times[0] <= now - self._window_s:
                times.popleft()
            if len(times) >= self._limit:
                return times[0] + self._window_s - now
            times.append(now)
            self._sent[key] = times
            self._sent.move_to_end(key)
            return 0.0

    def _forget(self, now: float) -> None:
        """Forget the senders that have been silent for a whole window, then the most silent beyond capacity."""
        while self._sent:
            silent = next(iter(self._sent.values()))[-1] <= now - self._window_s
            if not silent and len(self._sent) < self._capacity:
                return
            self._sent.popitem(last=False)
