"""A room full of people: raw websocket sessions that all change a filter at the same time."""

import asyncio
import time
from statistics import median, quantiles

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.workload import Workload

ROUNDS = 5
P95_WITHIN_S = 1.0
ANSWER_WITHIN_S = 120


class Session:
    """One visitor: what a browser says to Streamlit, without the browser."""

    def __init__(self, socket: websockets.ClientConnection, query: str):
        self.socket, self.query = socket, query
        self.page = ""
        self.widget = ""
        self.cached: set[str] = set()

    async def run(self, chosen: list[str] | None = None) -> float:
        """Ask for a run of the page, with a choice of families, and return the seconds until it has ended."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.cached_message_hashes.extend(self.cached)
        if self.page:
            message.rerun_script.page_script_hash = self.page
        else:
            message.rerun_script.page_name = "carte"
        if chosen is not None:
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.widget
            state.string_array_value.data.extend(chosen)
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        await asyncio.wait_for(self._finished(), ANSWER_WITHIN_S)
        return time.perf_counter() - start

    async def _finished(self) -> None:
        while True:
            answer = ForwardMsg()
            raw = await self.socket.recv()
            answer.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
            if answer.metadata.cacheable:
                self.cached.add(answer.hash)
            match answer.WhichOneof("type"):
                case "navigation":
                    self.page = answer.navigation.page_script_hash
                case "delta" if answer.delta.new_element.WhichOneof("type") == "multiselect":
                    widget = answer.delta.new_element.multiselect
                    if widget.label == "Famille ou rôle":
                        self.widget = widget.id
                case "page_info_changed":
                    self.query = answer.page_info_changed.query_string
                case "script_finished":
                    return


def crowd(port: int, workload: Workload, how_many: int) -> list[float]:
    """Return the seconds of each rerun of ``how_many`` sessions that act at once, several times."""
    return asyncio.run(_crowd(port, workload, how_many))


async def _crowd(port: int, workload: Workload, how_many: int) -> list[float]:
    url = f"ws://localhost:{port}/_stcore/stream"
    sockets = [await websockets.connect(url, subprotocols=["streamlit"], max_size=None) for _ in range(how_many)]
    people = [Session(socket, workload.scale.query.lstrip("?")) for socket in sockets]
    for person in people:
        await person.run()
    seconds: list[float] = []
    for turn in range(ROUNDS):
        chosen = [workload.label] if turn % 2 == 0 else []
        seconds += await asyncio.gather(*(person.run(chosen) for person in people))
    for socket in sockets:
        await socket.close()
    return seconds


def say(seconds: list[float], how_many: int) -> tuple[str, bool]:
    """Say the reruns of a crowd, and whether they are quick enough."""
    high = quantiles(seconds, n=20)[-1]
    met = high <= P95_WITHIN_S
    return (
        f"{how_many} sessions at once: rerun median {median(seconds):.2f} s, p95 {high:.2f} s "
        f"(limit {P95_WITHIN_S:g} s, {'met' if met else '**missed**'})"
    ), met
