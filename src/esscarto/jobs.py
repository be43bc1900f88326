"""Long tasks outside the pages: each in its own thread, with its progress, its stop and its end.

A page draws what a job says and comes back: whoever leaves it, or opens it elsewhere, finds the same job.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

State = Literal["running", "done", "stopped", "failed"]

Tell = Callable[[int, int], None]
"""Told how much is done, of how much; raises :class:`StoppedError` once somebody has stopped the task."""


class StoppedError(Exception):
    """Ends a task that somebody has stopped."""


class Job:
    """One task, started at once.

    Parameters
    ----------
    work : callable
        Given a :data:`Tell`, which it calls often; what it returns is the result.

    Attributes
    ----------
    done, total : int
        How far it is; ``total`` is 0 until it is known.
    result : object
        What the task returned, None until then.
    error : Exception or None
        Why it failed.
    ended : datetime.datetime or None
        When it ended, by the clock of the machine.
    """

    def __init__(self, work: Callable[[Tell], Any]):
        self.done, self.total = 0, 0
        self.result: Any = None
        self.error: Exception | None = None
        self.ended: datetime | None = None
        self._state: State = "running"
        self._lock = threading.Lock()
        # A daemon: the program may end without waiting for a service that does not answer.
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True, name="esscarto-job")
        self._thread.start()

    @property
    def state(self) -> State:
        """Where the task is."""
        return self._state

    @property
    def is_running(self) -> bool:
        """Whether the task goes on."""
        return self._state == "running"

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    def stop(self) -> None:
        """Stop the task: at once for whoever looks, at its next step for its thread, whose result is dropped."""
        self._end("stopped")

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait for the thread to end."""
        self._thread.join(timeout_s)

    def _tell(self, done: int, total: int) -> None:
        if not self.is_running:
            raise StoppedError
        self.done, self.total = done, total

    def _run(self, work: Callable[[Tell], Any]) -> None:
        try:
            self._end("done", result=work(self._tell))
        except StoppedError:
            self._end("stopped")
        except Exception as error:  # whatever it is, a page must be able to say it
            self._end("failed", error=error)

    def _end(self, state: State, result: Any = None, error: Exception | None = None) -> None:
        with self._lock:
            if self.is_running:
                self.result, self.error, self.ended = result, error, datetime.now()
                self._state = state


class Jobs:
    """The jobs of a server, one of each name at a time."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> Job | None:
        """Return the last job of a name."""
        return self._jobs.get(name)

    def start(self, name: str, work: Callable[[Tell], Any]) -> Job:
        """Start a task, unless the one of this name is running: that one is returned."""
        with self._lock:
            job = self._jobs.get(name)
            if job is None or not job.is_running:
                job = self._jobs[name] = Job(work)
        return job

    def forget(self, name: str) -> None:
        """Forget what the last job of a name left, unless it is running."""
        with self._lock:
            job = self._jobs.get(name)
            if job and not job.is_running:
                del self._jobs[name]
