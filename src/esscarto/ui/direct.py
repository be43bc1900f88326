"""The short way to the map: its message by a socket of its own, before the page around it is drawn again.

The same message always goes through Streamlit too, which stays the only way that is needed: the number that it
carries lets the browser show whichever comes first, once.
"""

import asyncio
import secrets
from collections import OrderedDict
from typing import NamedTuple

from starlette.websockets import WebSocket

MOST_SESSIONS = 5_000
"""Channels remembered; beyond, the oldest session falls back on Streamlit's own way."""


class _Listener(NamedTuple):
    loop: asyncio.AbstractEventLoop
    queue: "asyncio.Queue[str]"


class Channels:
    """One channel a session, named by a secret that only its own browser is told."""

    def __init__(self) -> None:
        self._listeners: OrderedDict[str, _Listener | None] = OrderedDict()

    def open(self) -> str:
        """Return the name of a new channel."""
        name = secrets.token_urlsafe(16)
        self._listeners[name] = None
        while len(self._listeners) > MOST_SESSIONS:
            self._listeners.popitem(last=False)
        return name

    def send(self, name: str, text: str) -> None:
        """Send a text from the thread of a script; nothing happens when the browser does not listen."""
        listener = self._listeners.get(name)
        if listener and not listener.loop.is_closed():
            listener.loop.call_soon_threadsafe(listener.queue.put_nowait, text)

    async def serve(self, socket: WebSocket) -> None:
        """Hold the socket of one browser until it leaves, or says anything: nothing is expected of it."""
        name = socket.path_params["name"]
        if name not in self._listeners:
            await socket.close(1008)
            return
        await socket.accept()
        listener = self._listeners[name] = _Listener(asyncio.get_running_loop(), asyncio.Queue())
        sending = asyncio.create_task(_forward(listener.queue, socket))
        try:
            if (await socket.receive())["type"] != "websocket.disconnect":
                await socket.close(1008)
        finally:
            sending.cancel()
            if self._listeners.get(name) is listener:
                self._listeners[name] = None


async def _forward(queue: "asyncio.Queue[str]", socket: WebSocket) -> None:
    while True:
        await socket.send_text(await queue.get())


CHANNELS = Channels()
"""Those of this server: a script writes to them, a route serves them."""
