"""What the entry declares: the main script, the headers of every answer, and the state of health."""

import base64
import hashlib
import importlib
import logging
import re
import secrets
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from esscarto.errors import DataError
from esscarto.settings import MAIN_SCRIPT, data_dir
from esscarto.ui import access, presenting, style
from esscarto.ui.direct import CHANNELS
from esscarto.ui.gate import Gate

_PAGE_CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {inline}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; media-src 'self'; "
    "worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; "
    "frame-ancestors 'self'"
)
# The map component evaluates its script; the tiles of the Plan IGN are the only other host, and only when asked for.
_FRAME_CSP = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: https://data.geopf.fr; font-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
_COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}
_LOG = logging.getLogger(__name__)
_HASHED = re.compile(r"/esscarto\.ui\.assets\.fichiers/[^/]+-[0-9a-f]{12}\.\w+$")
_FOR_EVER = "public, max-age=31536000, immutable"


class FrenchPage:
    """Say to browsers that the page is French, and which hosts it may speak to: none but its own."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        is_page = not path.rpartition("/")[2].count(".") or path.endswith(".html")
        if is_page:
            # The page is rewritten below: it must come whole and plain.
            dropped = {b"if-none-match", b"if-modified-since", b"range", b"accept-encoding"}
            scope = {
                **scope,
                "headers": [(name, value) for name, value in scope["headers"] if name not in dropped],
            }
        start: Message | None = None
        body = b""

        async def rewrite(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in _COMMON.items():
                    headers[name] = value
                if _HASHED.search(path) and message["status"] == 200:
                    headers["cache-control"] = _FOR_EVER
                said = Headers(raw=message["headers"])
                # A file to take away, or one with its own policy, is no page of Streamlit: it leaves as it was written.
                whole = "content-disposition" in said or "content-security-policy" in said
                html = said.get("content-type", "").startswith("text/html") and not whole
                if is_page and html:
                    start = message
                else:
                    await send(message)
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    body = french_html(body)
                    if "/component/" not in path:
                        # In the page itself: an element of Streamlit would be drawn again at every rerun.
                        scripts = "".join(f"<script>{script}</script>" for script in style.scripts())
                        carried = f"<style>{style.sheet()}</style>{scripts}</body>"
                        body = body.replace(b"</body>", carried.encode())
                    headers = MutableHeaders(raw=start["headers"])
                    headers["content-length"] = str(len(body))
                    headers["content-security-policy"] = _csp(path, body)
                    await send(start)
                    await send({**message, "body": body})

        await self.app(scope, receive, rewrite)


def french_html(page: bytes) -> bytes:
    """Declare the language of a page of Streamlit, and say in French what it needs."""
    page = page.replace(b'<html lang="en"', b'<html lang="fr"')
    return re.sub(
        rb"<noscript>.*?</noscript>",
        b"<noscript>Cette application a besoin de JavaScript.</noscript>",
        page,
        flags=re.DOTALL,
    )


def _csp(path: str, page: bytes) -> str:
    if "/component/" in path:
        return _FRAME_CSP
    scripts = re.findall(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", page, flags=re.DOTALL)
    hashes = (f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts)
    return _PAGE_CSP.format(inline=" ".join(hashes))


def say_error(error: Exception) -> bool:
    """Tell the visitor in French that something failed, under a number that the log repeats."""
    number = secrets.token_hex(4)
    _LOG.error("incident %s", number, exc_info=error)
    st.error(
        f"Cette page a rencontré une erreur inattendue (incident {number}). Rechargez-la ; si l’erreur revient, "
        "signalez ce numéro à la personne qui tient l’application.",
        icon=":material/error:",
    )
    return True


async def health(_: Request) -> JSONResponse:
    """Say whether the data can be read, and how much of it there is."""
    from esscarto.site import load_site

    try:
        site = load_site(data_dir())
    except DataError as error:
        return JSONResponse({"etat": "en panne", "raison": str(error)}, status_code=503)
    return JSONResponse(
        {"etat": "bon", "acteurs": len(site.actors), "a_corriger": sum(map(len, site.problems.values()))}
    )


@asynccontextmanager
async def warm(_: Any) -> AsyncIterator[None]:
    """Say what is badly set, and import the heavy libraries while the first visitor opens the browser.

    Not streamlit_folium: a component imported outside a script run is never registered.
    """
    try:
        access.check()
    except DataError as error:
        _LOG.error("%s", error)

    def imports() -> None:
        for library in ("folium", "geopandas", "mapclassify"):
            importlib.import_module(library)

    threading.Thread(target=imports, daemon=True, name="warm").start()
    yield


SCRIPT = MAIN_SCRIPT
MIDDLEWARE = [Middleware(FrenchPage), Middleware(Gate)]
ROUTES = [
    Route("/sante", health),
    Route(f"/{{base:path}}{presenting.PATH}", presenting.serve),
    # Under any base path, like the frame of the map that asks for it.
    WebSocketRoute("/{base:path}direct/{name}", CHANNELS.serve),
]
