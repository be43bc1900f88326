"""What the user chose on the pages beside the map, and its twin in the address bar: ``state.py`` is that of the map."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

import streamlit as st

from esscarto.site import Site
from esscarto.ui.state import default_territory, keep, kept, readdress, see_territory, seen_territory
from esscarto.vocabulary import THEMES

_FRESH = "neufs"


def page_key(page: str, key: str) -> str:
    """Return the key of the widget that chooses one key of the address of a page."""
    return f"{page}_{key}"


def choose(page: str, **values: Any) -> None:
    """Choose values of a page, as its widgets would."""
    for key, value in values.items():
        st.session_state[page_key(page, key)] = value


def page_choice(
    page: str, site: Site, defaults: Mapping[str, Any], parsers: Mapping[str, Callable[[str], Any]]
) -> dict[str, Any]:
    """Return what is chosen on a page: from the URL when it comes from outside, else from the visitor.

    Parameters
    ----------
    page : str
        Name of the page; the key of each of its widgets is ``page_key(page, key)``.
    site : Site
        The territories.
    defaults : dict
        Key of the address -> the value that the address leaves out. ``t``, the territory, has none here: it is the
        last one seen, on this page or on the map, when the address says nothing at all.
    parsers : dict
        Key of the address -> what reads its text, None when it is not known. ``t`` must be one.
    """
    session, query = st.session_state, {key: value[:200] for key, value in st.query_params.to_dict().items()}
    usual = parsers["t"](str(default_territory(site)))
    seen = parsers["t"](seen_territory()) or usual
    kept, written = page_key(page, "kept"), page_key(page, "written")
    if query and query != session.get(written):
        read = {key: parse(query[key]) for key, parse in parsers.items() if key in query}
    else:
        # By the menu, no address: the territory follows the visitor. By Back, the address is the page's own.
        before = {**session.get(kept, {}), **({} if query else {"t": seen})}
        read = {key: session.get(page_key(page, key), before.get(key)) for key in parsers}
    # An address that says something leaves out the usual territory alone; a bare one says nothing of it.
    defaults = {**defaults, "t": usual if query else seen}
    chosen = {key: defaults[key] if read.get(key) is None else read[key] for key in parsers}
    # A page may be read twice before it is drawn.
    session[_FRESH] = session.get(_FRESH, set()) | {page_key(page, key) for key in chosen} - set(session)
    for key, value in chosen.items():
        if session.get(page_key(page, key)) != value:
            session[page_key(page, key)] = value
    if chosen["t"] != seen:
        see_territory(chosen["t"])
    session[kept] = chosen
    query = {
        key: ",".join(value) if isinstance(value, list) else str(value)
        for key, value in chosen.items()
        if value != (usual if key == "t" else defaults[key])
    }
    readdress(query)
    session[written] = query
    return chosen


def first_value(key: str) -> Any:
    """Return what a choice of a page is first drawn with: its own default, the same at each rerun, or ``None``.

    A default is a part of the list, which the browser keeps; a value put in it afterwards sends the whole list again.
    """
    if key in st.session_state.get(_FRESH, ()):
        keep(f"premier_{key}", st.session_state.pop(key))
        st.session_state[_FRESH] -= {key}
    return kept(f"premier_{key}")


def practice_choice(site: Site) -> tuple[str, str]:
    """Return the theme and the sheet chosen on the page Inspirations, from the URL or from the visitor."""
    query, session = st.query_params.to_dict(), st.session_state
    if "pr" in query and query["pr"] in site.practices.by_id:
        return "", query["pr"]
    if "pth" not in session and query.get("pth") in THEMES:
        session["pth"] = query["pth"]
    theme = session.get("pth") or ""
    if query.get("pth", "") != theme:
        st.query_params.from_dict({"pth": theme} if theme else {})
    return theme, ""


def all_practices() -> None:
    """Leave the one sheet for the list."""
    st.query_params.clear()


def data_part(offered: Sequence[str]) -> str:
    """Return the part of the page Données to draw, from the URL or from the visitor; the first by default."""
    query, session = st.query_params.to_dict(), st.session_state
    if "partie" not in session and query.get("partie") in offered:
        session["partie"] = query["partie"]
    chosen = str(session.get("partie"))
    if chosen not in offered:
        chosen = session["partie"] = offered[0]
    if query.get("partie", offered[0]) != chosen:
        st.query_params["partie"] = chosen
    return chosen


def data_actor(offered: Container[str]) -> str:
    """Return the actor chosen in the page Données, from the URL or from the visitor, or an empty text."""
    query, session = st.query_params.to_dict(), st.session_state
    if "acteur" not in session and query.get("acteur") in offered:
        session["acteur"] = query["acteur"]
    chosen = session.get("acteur")
    if chosen not in offered:
        chosen = session["acteur"] = None
    if query.get("acteur", "") != (chosen or ""):
        remaining = {key: value for key, value in query.items() if key != "acteur"}
        st.query_params.from_dict({**remaining, "acteur": chosen} if chosen else remaining)
    return chosen or ""
