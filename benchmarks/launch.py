"""Start Streamlit with a stopwatch around each script run; the application itself knows nothing of it.

``python -m benchmarks.launch TIMES app.py --server.port 8600`` writes one JSON line a run in the file TIMES:
seconds on the clock, and seconds of the script thread's own CPU.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.runtime.scriptrunner import script_runner
from streamlit.web import cli


def time_script_runs(times: Path) -> None:
    """Wrap the one call by which Streamlit executes a script, whole pages and fragments alike."""
    execute: Callable[..., Any] = script_runner.exec_func_with_error_handling

    def timed(*arguments: Any) -> Any:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return execute(*arguments)
        finally:
            line = json.dumps({"wall": time.perf_counter() - wall, "cpu": time.thread_time() - cpu})
            with times.open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    script_runner.exec_func_with_error_handling = timed


if __name__ == "__main__":
    time_script_runs(Path(sys.argv[1]))
    sys.argv = ["streamlit", "run", *sys.argv[2:]]
    cli.main(prog_name="streamlit")
