"""The short way to the map: its message by a socket of its own, before the page around it is drawn again.

Streamlit's own way stays the one that is needed: it carries the message when nobody listens here, and else its number
alone. A browser that has not got what a number names opens its socket again, which says the last message first.
"""

import asyncio
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

from starlette.websockets import WebSocket

MOST_SESSIONS = 2_000
"""Channels remembered; beyond, the oldest session falls back on Streamlit's own way."""


class _Listener(NamedTuple):
    loop: asyncio.AbstractEventLoop
    queue: "asyncio.Queue[str]"


@dataclass
class _Channel:
    last: str = ""
    listener: _Listener | None = None


class Channels:
    """One channel a session, named by a secret that only its own browser is told."""

    def __init__(self) -> None:
        self._channels: OrderedDict[str, _Channel] = OrderedDict()
        self._lock = threading.Lock()

    def new(self) -> str:
        """Return the name of a new channel."""
        name = secrets.token_urlsafe(16)
        self._channels[name] = _Channel()
        while len(self._channels) > MOST_SESSIONS:
            self._channels.popitem(last=False)
        return name

    def send(self, name: str, text: str) -> bool:
        """Send a text from the thread of a script, and say whether a browser listens.

        The same text again is not sent again.
        """
        channel = self._channels.get(name)
        if channel is None:
            return False
        with self._lock:
            changed, channel.last = channel.last != text, text
            listener = channel.listener
            if listener is None or listener.loop.is_closed():
                return False
            if changed:
                listener.loop.call_soon_threadsafe(listener.queue.put_nowait, text)
        return True

    async def serve(self, browser: WebSocket) -> None:
        """Hold the socket of one browser until it leaves, or says anything: nothing is expected of it."""
        channel = self._channels.get(browser.path_params["name"])
        if channel is None:
            await browser.close(1008)
            return
        listener = _Listener(asyncio.get_running_loop(), asyncio.Queue())
        with self._lock:
            channel.listener = listener
            if channel.last:
                listener.queue.put_nowait(channel.last)
        await browser.accept()
        sending = asyncio.create_task(_forward(listener.queue, browser))
        try:
            if (await browser.receive())["type"] != "websocket.disconnect":
                await browser.close(1008)
        finally:
            sending.cancel()
            if channel.listener is listener:
                channel.listener = None


async def _forward(queue: "asyncio.Queue[str]", browser: WebSocket) -> None:
    while True:
        await browser.send_text(await queue.get())


CHANNELS = Channels()
"""Those of this server: a script writes to them, a route serves them."""
