"""What the user chose, and its twin in the address bar: the one home of session_state and query_params.

Streamlit can bind a widget to the URL, but writes its label there. A link must hold for years, so the URL
carries our own short codes: ``?t=epci:200071991&i=pour_1000&th=mobilite,culture&sel=acteur:tereos``.
"""

import functools
import re
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from esscarto.cartography.classes import METHODS
from esscarto.errors import DataError
from esscarto.filters import FACETS, ActorFilter
from esscarto.metrics import INDICATORS
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.vocabulary import CATEGORIES

EVERYWHERE = "partout"
"""No territory at all: every actor, even those whose place no source prints."""
MAP_LEVELS = {"commune": "Communes", "epci": "Intercommunalités (EPCI)"}
SORTS = {"nom": "Nom", "commune": "Commune", "famille": "Famille ou rôle"}
TWINS = {"liste": "Liste", "comparer": "Comparer", "telecharger": "Télécharger"}
"""What stands under the map, one at a time: each element drawn costs at every filter."""
MAX_WORDS = 80
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)

_DEFAULTS: dict[str, Any] = {
    "t": "",
    "i": "acteurs",
    "n": "commune",
    "m": "quantiles",
    "q": "",
    "sel": "",
    "plan": False,
    "sous": "liste",
    "tri": "nom",
    "pg": 1,
    **{key: [] for key in FACETS},
}
"""Every key of the page, which is also its name in the URL, and the value that the URL leaves out."""

_KEPT = "kept"
_SEEN = "vu"
_WRITTEN = "written"
_MAP = "carte"


@dataclass(frozen=True)
class View:
    """What is on the screen."""

    wanted: ActorFilter
    indicator: str
    level: str
    method: str
    selected: Territory | None
    actor: str
    plan: bool
    twin: str
    sort: str
    page: int
    ack: int
    """Number of the last message of the map that this view takes into account."""

    home: Territory
    """The territory that the map is drawn around when none is chosen."""

    @property
    def sheet_centre(self) -> Territory:
        """The territory that the map is drawn around."""
        return self.wanted.territory or self.home


def read(site: Site) -> View:
    """Return the view: from the URL when it comes from outside, else from what the user did."""
    state = st.session_state
    query = address()
    if query and query != state.get(_WRITTEN):
        chosen = {**_DEFAULTS, **_parse(query, site)}
    else:
        # By the menu, no address: the territory follows the visitor. By Back, the address is the page's own.
        chosen = {**_DEFAULTS, **state.get(_KEPT, {}), **({} if query else {"t": seen_territory()})}
        chosen |= {key: state[key] for key in _DEFAULTS if key in state}
    if "t" in state and not chosen["t"]:
        # A list on the screen would name no territory at all.
        chosen["t"] = str(default_territory(site))
    for key, value in chosen.items():
        # A widget left at its default says nothing on the wire: write only what differs.
        # Except for a segmented control, which has no default of its own.
        if (state[key] if key in state else _DEFAULTS[key] if key != "sous" else None) != value:
            state[key] = value
    state[_KEPT] = dict(chosen)
    see_territory(chosen["t"])
    _write(chosen)
    first = default_territory(site)
    territory = None if chosen["t"] == EVERYWHERE else Territory.parse(chosen["t"] or str(first))
    selected, actor = _selection(_selected(chosen["sel"], site) or "")
    return View(
        wanted=ActorFilter(territory, {key: tuple(chosen[key]) for key in FACETS if chosen[key]}, chosen["q"]),
        indicator=chosen["i"] if chosen["n"] in INDICATORS[chosen["i"]].levels else "acteurs",
        level=chosen["n"],
        method=chosen["m"],
        selected=selected,
        actor=actor,
        plan=chosen["plan"],
        twin=chosen["sous"],
        sort=chosen["tri"],
        page=chosen["pg"],
        ack=state.get("ack", 0),
        home=site.territories.parents(first)[-1] if site.territories.parents(first) else first,
    )


def default_territory(site: Site) -> Territory:
    """Return the territory shown at first: the PETR with the most inhabitants, else the largest EPCI."""
    for level in ("petr", "epci", "departement", "region"):
        layer = site.territories.layers[level]
        if len(layer):
            return Territory(level, str(layer["population"].idxmax()))
    raise DataError("aucun territoire n’est dans les couches", "data/geo", "Lancez « esscarto geo build ».")


def reset() -> None:
    """Open every filter again, keeping the territory and the indicator."""
    for key in FACETS:
        st.session_state[key] = []
    st.session_state["q"] = ""
    st.session_state["pg"] = 1


def first_page() -> None:
    """Show the first page of the list again: its content has changed."""
    st.session_state["pg"] = 1


def choose_territory(territory: str) -> None:
    """Show another territory."""
    st.session_state["t"] = territory
    territory_changed()


def territory_changed() -> None:
    """Colour what can be read at the new scale: communes in a PETR, intercommunalités beyond."""
    level = st.session_state.get("t", "").partition(":")[0]
    st.session_state["n"] = "epci" if level in ("departement", "region", EVERYWHERE) else "commune"
    st.session_state["pg"] = 1


def link(selection: str) -> str:
    """Return the address, relative to the page, that adds one selection to what is shown.

    Written as the browser writes it, so that following it adds one entry to the history, not two.
    """
    return "?" + urllib.parse.urlencode({**st.session_state.get(_WRITTEN, {}), "sel": selection})


def seen_territory() -> str:
    """Return the territory that the visitor has seen last, on the map or on another page; an empty text at first."""
    return str(st.session_state.get(_SEEN, ""))


def see_territory(territory: str) -> None:
    """Note the territory seen on a page: the map and the other pages open on it."""
    st.session_state[_SEEN] = territory


def unselect() -> None:
    """Close the card."""
    st.session_state["sel"] = ""


def known_territory(text: str, site: Site) -> str | None:
    """Return ``level:code`` when the layers hold it: what a link may name."""
    return text if _known(text, site) else None


def address() -> dict[str, str]:
    """Return the keys of the address, their values cut short."""
    return {key: value[:4000] for key, value in st.query_params.to_dict().items()}


def readdress(query: Mapping[str, str]) -> None:
    """Write the keys of the address, only when they change."""
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def take_gesture() -> str:
    """Return what a button of our own HTML asks for, and take it out of the address (see ``liens.js``)."""
    gesture = st.query_params.to_dict().get("geste", "")[:200]
    if gesture:
        del st.query_params["geste"]
    return gesture


def keep(name: str, value: Any) -> None:
    """Keep something of one visitor from a rerun to the next; ``None`` forgets it."""
    if value is None:
        st.session_state.pop(f"gardé_{name}", None)
    else:
        st.session_state[f"gardé_{name}"] = value


def kept(name: str) -> Any:
    """Return what this visitor kept under a name, or ``None``."""
    return st.session_state.get(f"gardé_{name}")


def held(key: str) -> Any:
    """Return what a widget holds, or ``None`` when it is not drawn yet."""
    return st.session_state.get(key)


def choice(key: str, offered: Sequence[str], default: str) -> str:
    """Return what a choice about to be drawn holds, kept while its part of the page is left."""
    known = st.session_state.get(key) or kept(key)
    chosen = known if known in offered else default
    put(key, chosen)
    return chosen


def put(key: str, value: str) -> None:
    """Choose for the visitor, in a choice that is not drawn yet."""
    keep(key, value)
    st.session_state[key] = value


def holds_widgets(prefix: str) -> bool:
    """Whether the last run drew a widget whose key begins so."""
    return any(str(key).startswith(prefix) for key in st.session_state)


def map_key() -> str:
    """Return the key of the map, stable so that it is never mounted again."""
    return _MAP


def numbered(message: Mapping[str, Any], new_channel: Callable[[], str]) -> dict[str, Any]:
    """Return the message of the map with the name of its channel, and a number that grows when it changes."""
    session = st.session_state
    if session.get("dit") != message:
        session["dit"], session["numero"] = message, session.get("numero", 0) + 1
    if "canal" not in session:
        session["canal"] = new_channel()
    return {**message, "canal": session["canal"], "n": session["numero"]}


def receive_message() -> None:
    """Take the message that the map sent: a territory or an actor selected, or families toggled.

    The message comes from a browser: whatever is not in a closed list is ignored.
    """
    received = st.session_state.get(_MAP) or {}
    text, _, number = str(received.get("last_object_clicked_popup") or "").rpartition("#")
    kind, _, value = text.partition(":")
    if not (number.isascii() and number.isdigit()):
        return
    st.session_state["ack"] = int(number)
    if kind == "familles":
        st.session_state["f"] = [code for code in value.split(",") if code in CATEGORIES]
        st.session_state["pg"] = 1
    elif kind in ("commune", "epci", "acteur"):
        st.session_state["sel"] = text


def _selection(text: str) -> tuple[Territory | None, str]:
    if text.startswith("acteur:"):
        return None, text.removeprefix("acteur:")
    return (Territory.parse(text) if text else None), ""


def _parse(query: Mapping[str, str], site: Site) -> dict[str, Any]:
    """Read a URL, leaving out whatever is not known: a link is never an error."""
    parsers: dict[str, Callable[[str], Any]] = {
        "t": lambda text: text if text == EVERYWHERE or _known(text, site) else None,
        "i": lambda text: text if text in INDICATORS else None,
        "n": lambda text: text if text in MAP_LEVELS else None,
        "m": lambda text: text if text in METHODS else None,
        "q": lambda text: text[:MAX_WORDS],
        "sel": lambda text: _selected(text, site),
        "plan": lambda text: text == "1" or None,
        "sous": lambda text: text if text in TWINS else None,
        "tri": lambda text: text if text in SORTS else None,
        "pg": lambda text: int(text) if _PAGE_NUMBER.fullmatch(text) else None,
        **{key: functools.partial(_codes, facet.labels) for key, facet in FACETS.items()},
    }
    found = {key: parse(query[key]) for key, parse in parsers.items() if key in query}
    return {key: value for key, value in found.items() if value is not None}


def _codes(labels: Mapping[str, str], text: str) -> list[str] | None:
    return [code for code in text.split(",") if code in labels] or None


def _known(text: str, site: Site) -> bool:
    level, _, code = text.partition(":")
    layer = site.territories.layers.get(level)
    return layer is not None and code in layer.index


def _selected(text: str, site: Site) -> str | None:
    """Return what a link selects: a territory, an actor, or an organisation by its first place."""
    if text.startswith("acteur:"):
        name = text.removeprefix("acteur:")
        if name in site.actors.frame.index:
            return text
        return f"acteur:{site.organisations[name][0]}" if name in site.organisations else None
    return text if text and _known(text, site) else None


def _write(chosen: Mapping[str, Any]) -> None:
    """Put in the URL what differs from the defaults, and only when it has changed."""
    query = {}
    for key, value in chosen.items():
        if value != _DEFAULTS[key]:
            query[key] = ",".join(value) if isinstance(value, list) else "1" if value is True else str(value)
    readdress(query)
    st.session_state[_WRITTEN] = query
