"""What is kept between reruns and shared by all sessions: the one home of Streamlit's caches."""

import gc
import time
from pathlib import Path

import streamlit as st

from esscarto.jobs import Jobs
from esscarto.ratelimit import RateLimiter
from esscarto.settings import data_dir
from esscarto.site import Site, load_site
from esscarto.storage import geocode_cache, road_cache
from esscarto.storage.geocode_cache import GeocodeCache
from esscarto.storage.road_cache import RoadCache
from esscarto.storage.store import FileStore
from esscarto.ui.assets import Assets


def site() -> Site:
    """Return the site, read again when a file of the data folder has changed."""
    folder = data_dir()
    return _site(folder, _signature(folder))


def assets() -> Assets:
    """Return the files served to the map, made again when a data file has changed."""
    return _assets(_signature(data_dir()))


FRESH_S = 1.0
"""How long a look at the data folder holds: a rerun asks several times."""

NOT_READ = (
    *("journal.csv", "proposals.csv", "provenance.csv", "tours.csv", "retours.csv", "registre_*.csv"),
    *(geocode_cache.FILE, road_cache.FILE),
)
"""Tables that no page of the map reads: a proposal must not make every visitor wait for a new reading."""


def store() -> FileStore:
    """Return the tables of the data folder, to read them as they are now and to write them."""
    return FileStore(data_dir())


def reread() -> None:
    """Look at the data folder again at once: a table has just been written."""
    _looked.clear()


def answers() -> GeocodeCache:
    """Return what the geocoder has said, read again when its file has changed. Not to be added to."""
    path = data_dir() / geocode_cache.FILE
    return _answers(path, _stamp(path))


def roads() -> RoadCache:
    """Return what the route service has said, read again when its file has changed. Not to be added to."""
    path = data_dir() / road_cache.FILE
    return _roads(path, _stamp(path))


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Return the long tasks of this server, whoever started them."""
    return Jobs()


@st.cache_resource(show_spinner=False)
def limiter() -> RateLimiter:
    """Return what keeps one visitor from flooding the queue of proposals; attempts that fail count too."""
    return RateLimiter(limit=20)


_looked: dict[Path, tuple[float, str]] = {}


def _signature(folder: Path) -> str:
    """Return a text that changes when a data file does."""
    when, found = _looked.get(folder, (0.0, ""))
    now = time.monotonic()
    if not found or now - when > FRESH_S:
        found = _look(folder)
        _looked[folder] = (now, found)
    return found


def _stamp(path: Path) -> str:
    """Return a text that changes when a file does."""
    stat = path.stat() if path.is_file() else None
    return f"{stat.st_mtime_ns} {stat.st_size}" if stat else ""


def _look(folder: Path) -> str:
    tables = [file for file in folder.glob("*.csv") if not any(map(file.match, NOT_READ))]
    files = [*tables, *(folder / "practices").glob("*.toml"), *(folder / "geo").glob("*")]
    return "|".join(f"{file.name} {(stat := file.stat()).st_mtime_ns} {stat.st_size}" for file in sorted(files))


@st.cache_resource(max_entries=2, show_spinner="Lecture des données…")
def _site(folder: Path, signature: str) -> Site:  # noqa: ARG001 - the signature is the cache key
    found = load_site(folder)
    # Streamlit collects garbage after every run: without this it would walk the libraries and the layers each
    # time, for longer than the run itself took.
    gc.collect()
    gc.freeze()
    return found


@st.cache_resource(max_entries=2, show_spinner=False)
def _assets(signature: str) -> Assets:  # noqa: ARG001 - the signature is the cache key
    return Assets()


@st.cache_resource(max_entries=2, show_spinner=False)
def _answers(path: Path, signature: str) -> GeocodeCache:  # noqa: ARG001 - the signature is the cache key
    return GeocodeCache(path)


@st.cache_resource(max_entries=2, show_spinner=False)
def _roads(path: Path, signature: str) -> RoadCache:  # noqa: ARG001 - the signature is the cache key
    return RoadCache(path)
