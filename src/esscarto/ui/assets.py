"""What the browser fetches besides Streamlit: installed packages, our front-end file, and the map's JSON.

All is served by Streamlit itself from its component routes, so nothing is asked of another host, and the
addresses are relative to the map's own frame, so they hold under any base path.
"""

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st
import streamlit.components.v1 as components
from folium import Map

from esscarto.cartography import packages

_FRAME = f"../{__name__}."


def _font_face() -> str:
    """Declare to the map's frame the font that Streamlit ships and the page around it uses."""
    media = Path(st.__file__).parent / "static" / "static" / "media"
    fonts = sorted(media.glob("SourceSansVF-Upright*.woff2"))
    if not fonts:
        return ""
    return (
        '@font-face { font-family: "Source Sans"; font-weight: 200 900; '
        f'src: url("../../static/media/{fonts[0].name}") format("woff2"); }}\n'
    )


class Assets:
    """The folders served to the map, registered once in a process."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="esscarto-"))
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self._urls: dict[tuple[str, ...], str] = {}
        # One script and one sheet: streamlit-folium loads them one after the other.
        script = self._write("carte", ".js", packages.script())
        sheet = self._write("carte", ".css", _font_face() + packages.style())
        components.declare_component("fichiers", path=self._folder)
        Map.default_js = [("carte", script)]
        Map.default_css = [("carte", sheet)]

    def json_url(self, name: str, make: Callable[[], str]) -> str:
        """Return the address of a JSON file, made the first time that it is asked for.

        The name carries the hash of the content: a browser may keep it for ever.
        """
        key = (name, ".json")
        return self._urls.get(key) or self._write(name, ".json", make())

    def _write(self, name: str, suffix: str, content: str) -> str:
        digest = hashlib.sha256(content.encode()).hexdigest()[:12]
        file = f"{name}-{digest}{suffix}"
        (self._folder / file).write_text(content, encoding="utf-8")
        self._urls[name, suffix] = f"{_FRAME}fichiers/{file}"
        return self._urls[name, suffix]
