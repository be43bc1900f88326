"""A real server and a real Chromium; every request that would leave the machine is stopped and reported."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000
# Conditions are waited for, never a time: a busy machine makes a test slow, not red.
expect.set_options(timeout=PATIENCE_MS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(data: Path | None = None, **variables: str) -> Iterator[str]:
    """Run the application as `esscarto serve` does, and stop it whatever happens."""
    port = free_port()
    environment = {**os.environ, **({"ESSCARTO_DATA": str(data)} if data else {}), **variables}
    command = [sys.executable, "-m", "esscarto.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.1)
                raise RuntimeError(f"the server stopped at once with code {server.returncode}")
        yield address
    finally:
        os.killpg(server.pid, 15)
        server.wait(20)


@pytest.fixture(scope="session")
def app() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
        None,
    )
    assert path, "Chromium is not on the PATH: make browsers"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


DRAWN = """() => [...document.querySelectorAll(".ess-grappe span, .ess-badge span")]
    .reduce((sum, one) => sum + Number(one.textContent), document.querySelectorAll(".ess-marque").length)"""
"""How many actors the clusters, the single markers and the badges of a map stand for."""


class Visitor:
    """A page, what it asked of other hosts, and the errors of its scripts."""

    def __init__(self, page: Page):
        self.page = page
        self.outside: list[str] = []
        self.errors: list[str] = []
        page.route("**/*", self._stay_home)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda line: self.errors.append(line.text) if "Content Security Policy" in line.text else None,
        )

    def _stay_home(self, route: Route) -> None:
        url = route.request.url
        if url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(url)
            route.abort()

    def open(self, address: str) -> None:
        self.page.goto(address)

    @property
    def map(self) -> FrameLocator:
        return self.page.frame_locator('iframe[title*="st_folium"]')

    def wait_for_map(self) -> None:
        expect(self.map.locator(".leaflet-container[data-pret]")).to_be_visible(timeout=PATIENCE_MS)

    def shows(self, actors: int) -> None:
        """Wait until the clusters, the single markers and the badges of the map stand for so many actors."""
        self.map.locator("body").wait_for()
        frame = next(frame for frame in self.page.frames if "streamlit_folium" in frame.url)
        frame.wait_for_function(f"(expected) => ({DRAWN})() === expected", arg=actors, timeout=PATIENCE_MS)

    def phrase(self):
        return self.page.locator(".ess-phrase")


@contextlib.contextmanager
def opened_alone(chromium: Browser, file: Path, size: tuple[int, int]) -> Iterator[Page]:
    """Open a file by its path with the network cut; whatever it asks of anybody else, or says in its console, fails."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="fr-FR", reduced_motion="reduce", offline=True
    )
    context.set_default_timeout(PATIENCE_MS)
    view = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    view.on("request", lambda sent: asked.append(sent.url))
    view.on("pageerror", lambda error: faults.append(str(error)))
    view.on("console", lambda line: faults.append(line.text))
    view.goto(file.as_uri())
    expect(view.locator(".leaflet-container[data-pret]")).to_be_visible()
    expect(view.locator("body.avant")).to_have_count(0)  # The list comes after the first picture of the map.
    yield view
    context.close()
    assert {url for url in asked if not url.startswith("blob:")} == {file.as_uri()}
    assert faults == []


@pytest.fixture
def visit(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    width, height = getattr(request, "param", (1280, 900))
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="fr-FR", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    visitor = Visitor(context.new_page())
    yield visitor
    context.close()
    assert visitor.outside == [], "the page asked something of another host"
    assert visitor.errors == [], "a script of the page failed"
