"""Start Streamlit with a stopwatch around each script run; the application itself knows nothing of it.

``python -m benchmarks.launch TIMES app.py --server.port 8600`` writes one JSON line a run in the file TIMES:
seconds on the clock, seconds of the thread's own CPU.
"""

import json
import sys
import time
from pathlib import Path

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.web import cli


def time_script_runs(times: Path) -> None:
    """Wrap the one function of Streamlit that runs a script, whole pages and fragments alike."""
    run_script = ScriptRunner._run_script

    def timed(self, rerun_data) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            run_script(self, rerun_data)
        finally:
            line = json.dumps({"wall": time.perf_counter() - wall, "cpu": time.thread_time() - cpu})
            with times.open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    ScriptRunner._run_script = timed


if __name__ == "__main__":
    time_script_runs(Path(sys.argv[1]))
    sys.argv = ["streamlit", "run", *sys.argv[2:]]
    cli.main(prog_name="streamlit")
