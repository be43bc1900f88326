"""A local web service that answers, or fails in one of the ways in which the public ones fail."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

HUGE_BYTES = 40 * 2**20
PORTAL = "<!DOCTYPE html><html><head><title>Bienvenue</title></head><body>Connectez-vous au réseau</body></html>"

FAULTS = ("down", "slow", "drip", "429", "redirect loop", "portal", "huge", "garbage")
"""The faults of the transport; the ninth, a far point with a low score, is an answer like another."""


@dataclass
class Asked:
    """One request that came."""

    method: str
    path: str
    parameters: dict[str, list[str]]
    headers: Message
    body: bytes


@dataclass
class LocalService:
    """A service on a port of this machine.

    Set ``fault`` to one of :data:`FAULTS` to make it fail from the next request on, ``failing`` to a number of
    requests after which it is well again, and ``retry_after`` to what it says with a 429.
    """

    fault: str = ""
    failing: int | None = None
    retry_after: str = ""
    garbage: str = '{"type": "FeatureCollection", "features": null, "score": NaN}'
    asked: list[Asked] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def answer(self, asked: Asked) -> tuple[int, str, str]:
        """Return the status, the content type and the text of the answer to a request."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def take_fault(self) -> str:
        """Return the fault of this request, and count it."""
        if self.failing is not None:
            if self.failing == 0:
                return ""
            self.failing -= 1
        return self.fault


def json_answer(value: object, status: int = 200) -> tuple[int, str, str]:
    return status, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False)


@contextmanager
def running(service: LocalService) -> Iterator[LocalService]:
    """Run a service for the length of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, address.path, parse_qs(address.query), self.headers, body)
            service.asked.append(asked)
            try:
                self._reply(asked, service.take_fault())
            except OSError:  # the client has left: what a deadline does
                self.close_connection = True

        def _reply(self, asked: Asked, fault: str) -> None:
            if fault == "slow":
                service.stopping.wait()
                self.close_connection = True
            elif fault == "drip":
                self._start(200, "application/json", {"Content-Length": "1000"})
                while not service.stopping.is_set():
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    service.stopping.wait(1.0)
                self.close_connection = True
            elif fault == "429":
                told = {"Retry-After": service.retry_after} if service.retry_after else {}
                self._whole(429, "application/json", b'{"message": "Too many requests"}', told)
            elif fault == "redirect loop":
                self._whole(302, "text/plain", b"", {"Location": f"{asked.path}?encore={len(service.asked)}"})
            elif fault == "elsewhere":
                self._whole(302, "text/plain", b"", {"Location": "http://portail.invalid/connexion"})
            elif fault == "portal":
                self._whole(200, "text/html; charset=utf-8", PORTAL.encode())
            elif fault == "huge":
                # Neither the length nor the end is told in advance.
                self._start(200, "application/json", {"Connection": "close"})
                for _ in range(HUGE_BYTES // 2**16):
                    self.wfile.write(b"[" * 2**16)
                self.close_connection = True
            elif fault == "announced huge":
                self._start(200, "application/json", {"Content-Length": str(HUGE_BYTES)})
                self.close_connection = True
            elif fault == "garbage":
                kind = "application/json" if asked.method == "GET" else "text/csv"
                self._whole(200, kind, service.garbage.encode("latin-1", "replace"))
            elif fault:
                self._whole(int(fault), "application/json", b'{"erreur": "Veuillez indiquer un filtre valide."}')
            else:
                status, kind, text = service.answer(asked)
                self._whole(status, kind, text.encode())

        def _start(self, status: int, kind: str, headers: dict[str, str]) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def _whole(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
            self._start(status, kind, {**(headers or {}), "Content-Length": str(len(body))})
            self.wfile.write(body)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing: a client that leaves is what is tried."""

    server = Server(("127.0.0.1", 0), Handler)
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


def nobody() -> str:
    """Return an address of this machine at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}"
