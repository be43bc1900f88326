"""One visit of one variant in Chromium: open, filter, open again; times in the page, bytes on the wire."""

import base64
import json
import re
import shutil
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, FrameLocator, Page, Playwright

from benchmarks.servers import Server
from benchmarks.workload import Workload

PROBE = (Path(__file__).resolve().parent / "probe.js").read_text(encoding="utf-8")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No other host: what a page asks elsewhere must not enter the times.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
)
CANDIDATES = ("chromium", "chromium-browser", "google-chrome")
VIEWPORT = {"width": 1280, "height": 900}
PAINTED_WITHIN_MS = 120_000
QUIET_MS = 500
SETTLED_WITHIN_S = 120
FOLIUM = 'iframe[title*="st_folium"]'
WIDGETS = {"widget": '[data-testid="stMultiSelect"]'}


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium."""
    path = next((found for name in CANDIDATES if (found := shutil.which(name))), None)
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS), headless=True)


class Wire:
    """The bytes of a page: HTTP as received, websocket messages in both directions as they travel.

    The browser reports a websocket message before its compression: when the handshake has agreed on
    permessage-deflate (RFC 7692), the same compression is done again here to know its size.
    """

    def __init__(self, session: CDPSession):
        self.http = self.socket = self.plain = self.requests = self.events = 0
        self._deflate: dict[tuple[str, str], Any] = {}
        session.on("Network.loadingFinished", self._loaded)
        session.on("Network.webSocketHandshakeResponseReceived", self._agreed)
        session.on("Network.webSocketFrameReceived", lambda frame: self._frame(frame, "server"))
        session.on("Network.webSocketFrameSent", lambda frame: self._frame(frame, "client"))
        session.send("Network.enable")

    def _loaded(self, event: dict[str, Any]) -> None:
        self.http += int(event["encodedDataLength"])
        self.requests += 1
        self.events += 1

    def _agreed(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        extension = headers.get("sec-websocket-extensions", "")
        if "permessage-deflate" in extension:
            for way in ("server", "client"):
                bits = re.search(rf"{way}_max_window_bits=(\d+)", extension)
                fresh = f"{way}_no_context_takeover" in extension
                self._deflate[event["requestId"], way] = _Deflate(int(bits[1]) if bits else 15, fresh)

    def _frame(self, event: dict[str, Any], way: str) -> None:
        data, is_text = event["response"]["payloadData"], event["response"]["opcode"] == 1
        content = data.encode() if is_text else base64.b64decode(data)
        deflate = self._deflate.get((event["requestId"], way))
        size = deflate.size(content) if deflate else len(content)
        # Header of the frame: 2 bytes, 2 or 8 more for its length, 4 more for the mask of a browser.
        header = 2 + (0 if size < 126 else 2 if size < 65_536 else 8) + (4 if way == "client" else 0)
        self.socket += header + size
        self.plain += len(content)
        self.events += 1

    def read(self) -> dict[str, int]:
        """Return the totals so far."""
        return {"http": self.http, "ws": self.socket, "ws_plain": self.plain, "requests": self.requests}


class _Deflate:
    """The compression of one direction of one websocket."""

    def __init__(self, window_bits: int, fresh: bool):
        self._bits, self._fresh = window_bits, fresh
        self._stream = self._new()

    def _new(self) -> Any:
        return zlib.compressobj(wbits=-self._bits)

    def size(self, content: bytes) -> int:
        """Return the compressed size of the next message, without the four bytes that the protocol drops."""
        if self._fresh:
            self._stream = self._new()
        return len(self._stream.compress(content) + self._stream.flush(zlib.Z_SYNC_FLUSH)) - 4


class Watched:
    """One new browser context, nothing in its cache: steps timed in its page, bytes on its wire.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
        Chromium.
    variant : str
        What is measured.
    server : Server or None
        Where it runs; None for a file.
    view : dict
        What the probe looks at.
    """

    def __init__(self, browser: Browser, variant: str, server: Server | None, view: dict[str, Any]):
        self.variant, self.server = variant, server
        self.context = browser.new_context(viewport=VIEWPORT, locale="fr-FR")
        self.page: Page = self.context.new_page()
        self.wire = Wire(self.context.new_cdp_session(self.page))
        self.rows: list[dict[str, Any]] = []
        self.page.add_init_script(PROBE.replace("const view = VIEW;", f"const view = {json.dumps(view)};"))

    def open(self, step: str, address: str) -> None:
        """Open an address, and add its row once it is painted."""
        before = self._state()
        self.page.goto(address, wait_until="commit")
        milliseconds = self._result("window.bench.opened")
        self._settle(before["runs"] + self._asked)
        self._row(step, milliseconds, before)

    def act(self, step: str, get_ready: Callable[[], Callable[[], None]], want: dict[str, Any]) -> None:
        """Get a gesture ready, then time its click until what is wanted is painted."""
        click = get_ready()
        self._settle()
        self.page.evaluate("bench.mark()")
        before = self._state()
        self.page.evaluate("want => bench.arm(want)", want)
        click()
        milliseconds = self._result("window.bench.result()")
        self._settle(before["runs"] + self._asked)
        kept = self.page.evaluate("bench.kept()") if self.variant != "Z" else True
        self._row(step, milliseconds, before, kept=kept)

    # ---- measures
    @property
    def _asked(self) -> int:
        """Script runs that any step asks of Streamlit at least."""
        return 0 if self.variant == "C" or not self.server else 1

    def _result(self, promise: str) -> float:
        milliseconds = self.page.evaluate(
            f"Promise.race([{promise}, new Promise((resolve) => setTimeout(resolve, {PAINTED_WITHIN_MS}))])"
        )
        if milliseconds is None:
            raise RuntimeError(f"{self.variant}: never painted; {self.page.evaluate('bench.read()')}")
        return milliseconds

    def _settle(self, runs: float = 0) -> None:
        """Wait for that many script runs, then until the wire is silent: a step pays for all it asked."""
        seen, quiet = -1, 0
        end = time.monotonic() + SETTLED_WITHIN_S
        while quiet < QUIET_MS:
            if time.monotonic() > end:
                raise RuntimeError(f"{self.variant}: still talking, or never ran")
            quiet = quiet + 100 if self.wire.events == seen and self._runs() >= runs else 0
            seen = self.wire.events
            self.page.wait_for_timeout(100)

    def _runs(self) -> int:
        return len(self._times())

    def _times(self) -> list[dict[str, float]]:
        return [json.loads(line) for line in self.server.times.read_text().splitlines()] if self.server else []

    def _state(self) -> dict[str, float]:
        runs = self._times()
        return {
            **self.wire.read(),
            "cpu_ms": 1000 * self.server.cpu_s() if self.server else 0.0,
            "runs": len(runs),
            "script_ms": 1000 * sum(run["wall"] for run in runs),
            "script_cpu_ms": 1000 * sum(run["cpu"] for run in runs),
        }

    def _row(self, step: str, milliseconds: float, before: dict[str, float], **more: Any) -> None:
        spent = {key: value - before[key] for key, value in self._state().items()}
        self.rows.append({"variant": self.variant, "step": step, "ms": milliseconds, **spent, **more})


class Visit(Watched):
    """The visit of the page Carte, or of what it compares to: open, then filter by each means that it has.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
        Chromium.
    variant : str
        OURS, Z, A or C.
    server : Server
        Where it runs.
    workload : Workload
        What it must show.
    """

    def __init__(self, browser: Browser, variant: str, server: Server, workload: Workload):
        self.variant, self.workload, self.port = variant, workload, server.port
        super().__init__(browser, variant, server, self._view())

    def run(self) -> list[dict[str, Any]]:
        """Open, then filter and open again by each means that the variant has; one row a step."""
        try:
            path = f"carte{self.workload.scale.query}" if self.variant == "OURS" else ""
            self.open("open", f"http://localhost:{self.port}/{path}")
            if self.variant != "C":
                self._both("widget", self._choose, self._unchoose)
            if self.variant in ("OURS", "C"):
                self._both("map", self._toggle, self._toggle)
            return self.rows
        finally:
            self.context.close()

    def _both(self, means: str, keep: Any, release: Any) -> None:
        self.act(f"{means}: filter", keep, self._want(filtered=True))
        self.act(f"{means}: clear", release, self._want(filtered=False))

    # ---- what each variant shows and where
    def _view(self) -> dict[str, Any]:
        polygons, want = self.workload.communes, self._want(filtered=False)
        views = {
            "OURS": {
                "frame": FOLIUM,
                "cluster": ".ess-grappe",
                "single": ".ess-marque",
                "polygon": "path.ess-commune",
                **WIDGETS,
            },
            "A": {
                "frame": FOLIUM,
                "cluster": ".marker-cluster",
                "single": ".leaflet-marker-icon:not(.marker-cluster)",
                "polygon": "path.commune",
            },
            "C": {
                "cluster": ".marker-cluster",
                "single": ".leaflet-marker-icon:not(.marker-cluster)",
                "polygon": "path.commune",
            },
            "Z": {"text": '[data-testid="stText"]', **WIDGETS},
        }
        opened = {"OURS": {"polygons": polygons, "widgets": 3}, "Z": {"widgets": 3}}.get(
            self.variant, {"polygons": polygons}
        )
        return {**views[self.variant], "open": {**want, **opened}}

    def _want(self, filtered: bool) -> dict[str, Any]:
        if self.variant == "Z":
            return {"text": f"choix : {self.workload.label if filtered else 'aucun'}."}
        # dash-leaflet rounds its labels (« 1.2k »): each of its few dozen clusters may be off by 50.
        tolerance = 0.05 * self.workload.everyone if self.variant == "C" and self.workload.everyone > 1000 else 0
        return {
            "actors": self.workload.filtered if filtered else self.workload.everyone,
            "tolerance": tolerance,
        }

    # ---- gestures: each gets ready, and returns the click to time
    @property
    def _label(self) -> str:
        return self.workload.family if self.variant == "A" else self.workload.label

    def _choose(self) -> Any:
        box = self.page.get_by_role("combobox", name="Famille ou rôle")
        box.click()
        option = self.page.get_by_role("option", name=self._label, exact=True)
        option.wait_for()
        return lambda: option.click()

    def _unchoose(self) -> Any:
        self.page.keyboard.press("Escape")
        # The last one: an inert copy stands in a <template>.
        return lambda: self.page.locator(f'button[aria-label$=" {self._label}"]').last.click()

    def _toggle(self) -> Any:
        if self.variant == "C":
            return lambda: self.page.get_by_text(self.workload.family, exact=True).click()
        frame: FrameLocator = self.page.frame_locator(FOLIUM)
        return lambda: frame.locator(f'button.ess-famille[data-famille="{self.workload.family}"]').click()
