"""The servers to measure: each in its own process, stopped at the end by its own process id."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.workload import Workload
from esscarto.settings import SITE

VARIANTS = Path(__file__).resolve().parent / "variants"
STARTS_WITHIN_S = 60


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen
    times: Path
    """Where the stopwatch writes one line a script run (Streamlit only)."""

    def cpu_s(self) -> float:
        """Return the CPU seconds used so far, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Return the resident memory, in megabytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def serve(variant: str, workload: Workload, dash_python: str) -> Iterator[Server]:
    """Start one variant on a free port, wait until it answers, stop it at the end."""
    port, times = _free_port(), workload.folder / f"times-{variant}.jsonl"
    times.touch()
    script = {
        "OURS": SITE / "app.py",
        "Z": VARIANTS / "floor.py",
        "Z pages": VARIANTS / "pages_floor.py",
        "A": VARIANTS / "idiom.py",
    }.get(variant)
    if script:
        command = [
            sys.executable,
            "-m",
            "benchmarks.launch",
            str(times),
            str(script),
            "--server.port",
            str(port),
        ]
        command += [
            "--server.headless",
            "true",
            "--browser.gatherUsageStats",
            "false",
            "--server.fileWatcherType",
            "none",
        ]
    else:
        command = [dash_python, str(VARIANTS / "dash_app.py"), str(workload.folder), str(port)]
    environment = os.environ | {
        "ESSCARTO_DATA": str(workload.data),
        "BENCH_FOLDER": str(workload.folder),
        "PYTHONPATH": os.pathsep.join((str(SITE), str(SITE / "src"))),
    }
    # The settings of the application stand beside its entry; the other variants have Streamlit's own.
    place = SITE if variant == "OURS" else workload.folder
    log = workload.folder / f"log-{variant}.txt"
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=place, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(f"http://localhost:{port}/{'_stcore/health' if script else ''}", process, log)
            yield Server(port, process, times)
        finally:
            process.terminate()
            process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(url: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=2)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")
