"""The question of the page Partenaires: where, what project, what is sought, how far; and its address."""

import urllib.parse
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from esscarto.asking import SOUGHT, Place, Question
from esscarto.errors import DataError
from esscarto.french import NBSP, fold
from esscarto.intent import understand
from esscarto.places import commune_place, format_asked, parse_asked, place_of, point_of
from esscarto.site import Site
from esscarto.storage import geocoding
from esscarto.territories import Territory
from esscarto.ui import chooser, page_state, render, state
from esscarto.vocabulary import THEMES, TYPES

PAGE = "partenaires"
DEFAULTS: dict[str, Any] = {
    **{"vue": "reponse", "pt": "", "ad": "", "p": "", "th": [], "ty": [], "ch": []},
    **{"par": "rayon", "d": 20, "n": 5, "e": 5},
}
"""Key of the address -> the value that the address leaves out."""
VIEWS = {"reponse": "Qui peut m’aider", "rencontres": "Qui présenter à qui"}
WAYS = {"rayon": "Dans un rayon", "nombre": "Les plus proches"}
MOST_WORDS = 120
RADII_KM, NUMBERS, NEIGHBOURS_KM = (5, 60), (3, 20), (1, 20)
PATIENCE_S = 8.0
"""Seconds that somebody before a page waits for the geocoder."""
_READ = "partenaires_mots"
_ASKED = "partenaires_posées"


def read(site: Site) -> dict[str, Any]:
    """Return what is asked; the words of the project choose the themes and the types once, then the visitor does."""
    chosen = page_state.page_choice(PAGE, site, DEFAULTS, parsers(site))
    known = state.kept(_READ)
    if chosen["p"] != known:
        state.keep(_READ, chosen["p"])
        # A link says its own themes: they were chosen after the words.
        told = known is None and (chosen["th"] or chosen["ty"])
        if chosen["p"].strip() and not told:
            found = understand(chosen["p"])
            page_state.choose(PAGE, th=list(found.themes), ty=list(found.types))
            chosen = page_state.page_choice(PAGE, site, DEFAULTS, parsers(site))
    return chosen


def parsers(site: Site) -> dict[str, Any]:
    """Return what reads each key of the address: None when a value is not known."""

    def commune(text: str) -> str | None:
        known = state.known_territory(text, site)
        if not known or known.startswith("commune:"):
            return known
        codes = site.territories.communes_of(Territory.parse(known))
        people = site.territories.communes.loc[codes, "population"]
        return f"commune:{people.idxmax()}" if len(people) else None

    return {
        "t": commune,
        "vue": lambda text: text if text in VIEWS else None,
        "pt": lambda text: text if point_of(text) else None,
        "ad": lambda text: text[:MOST_WORDS],
        "p": lambda text: text[:MOST_WORDS],
        "th": partial(_codes, THEMES),
        "ty": partial(_codes, TYPES),
        "ch": partial(_codes, SOUGHT),
        "par": lambda text: text if text in WAYS else None,
        "d": partial(_number, RADII_KM),
        "n": partial(_number, NUMBERS),
        "e": partial(_number, NEIGHBOURS_KM),
    }


def place(site: Site, chosen: Mapping[str, Any]) -> Place:
    """Return where the question is asked from: the point of an address, else the inhabited point of a commune."""
    point = point_of(chosen["pt"])
    if point:
        return Place(*point, chosen["ad"] or f"Point {chosen['pt']}")
    return commune_place(site, Territory.parse(chosen["t"]).code)


def question(site: Site, chosen: Mapping[str, Any]) -> Question:
    """Return the question that the page asks."""
    return Question(
        place(site, chosen),
        tuple(chosen["th"]),
        tuple(chosen["ty"]),
        tuple(chosen["ch"]),
        chosen["d"],
        chosen["n"] if chosen["par"] == "nombre" else 0,
    )


def for_basket(site: Site, chosen: Mapping[str, Any]) -> tuple[str, str]:
    """Return the question as the basket keeps it: its words, with the commune, and its place, themes and reach.

    Of an address that was typed, the basket keeps the point and the commune, not the words.
    """
    where = chosen["pt"] or Territory.parse(chosen["t"]).code
    named = place_of(site, where)
    project = chosen["p"].strip() or ", ".join(THEMES[code].lower() for code in chosen["th"]) or "un projet"
    if named and fold(named.label) not in fold(project):
        project = f"{project}, {_at(named.label)}"
    asked = format_asked(where, question(site, chosen))
    state.keep(_ASKED, {**(state.kept(_ASKED) or {}), asked: address(chosen)})
    return project[:1].upper() + project[1:], asked


def link_back(site: Site, asked: str) -> str:
    """Return the address of a question of the basket: as it was asked in this session, else as the basket tells it.

    It is an empty text when the basket tells no question.
    """
    if told := (state.kept(_ASKED) or {}).get(asked):
        return PAGE + told
    found = parse_asked(site, asked)
    if found is None:
        return ""
    where = asked.partition("~")[0]
    place = {"pt": where, "ad": found.place.label} if point_of(where) else {"t": f"commune:{where}"}
    far = {"par": "nombre", "n": found.nearest_n} if found.nearest_n else {"d": int(found.radius_km)}
    return PAGE + address({**DEFAULTS, "th": list(found.themes), "ty": list(found.types), **place, **far})


def _at(name: str) -> str:
    for article, words in (("Le ", "au "), ("Les ", "aux ")):
        if name.startswith(article):
            return words + name.removeprefix(article)
    return f"à {name}" if not name.startswith("Point ") else f"au {name.lower()}"


def address(chosen: Mapping[str, Any], **changed: Any) -> str:
    """Return the address, relative to the page, of the same question with some of its values changed."""
    values = {**chosen, **changed}
    query = {
        key: ",".join(value) if isinstance(value, list) else str(value)
        for key, value in values.items()
        if value != DEFAULTS.get(key)
    }
    return "?" + urllib.parse.urlencode(query)


def draw(site: Site, chosen: dict[str, Any]) -> None:
    """Draw the widgets of the question."""
    key = partial(page_state.page_key, PAGE)
    st.radio("Question", list(VIEWS), key=key("vue"), format_func=VIEWS.__getitem__, horizontal=True)
    left, right = st.columns([1, 1.4])
    communes = chooser.told_apart({f"commune:{code}": name for code, name in chooser.communes(site).items()})
    chooser.box(left, "Commune", communes, key("t"), partial(page_state.choose, PAGE, pt="", ad=""))
    with left:
        _address(chosen)
    if chosen["vue"] == "rencontres":
        right.slider("Autour, à moins de", *RADII_KM, key=key("d"), format=f"%d{NBSP}km")
        right.slider("Un voisin est à moins de", *NEIGHBOURS_KM, key=key("e"), format=f"%d{NBSP}km")
        return
    with right:
        st.text_input(
            "Votre projet, en quelques mots",
            key=key("p"),
            max_chars=MOST_WORDS,
            placeholder="Par exemple : ouvrir une ressourcerie",
        )
        _understood(chosen)
        render.show("partenaires_sauts.html")
    _criteria(chosen)


def _criteria(chosen: dict[str, Any]) -> None:
    key = partial(page_state.page_key, PAGE)
    for column, name, title, labels, nothing in zip(
        st.columns(3),
        ("th", "ty", "ch"),
        ("Thèmes du projet", "Types de structure", "Ce que vous cherchez"),
        (THEMES, TYPES, SOUGHT),
        ("Tous les thèmes", "Tous les types", "Tout"),
        strict=True,
    ):
        column.multiselect(
            title, list(labels), key=key(name), format_func=labels.__getitem__, placeholder=nothing, wrap=True
        )
    left, right = st.columns([1, 1.4])
    left.radio("Jusqu’où", list(WAYS), key=key("par"), format_func=WAYS.__getitem__, horizontal=True)
    if chosen["par"] == "nombre":
        right.slider("Combien pour chaque rôle", *NUMBERS, key=key("n"))
    else:
        right.slider("À moins de", *RADII_KM, key=key("d"), format=f"%d{NBSP}km")


def _understood(chosen: dict[str, Any]) -> None:
    """Say which words meant something, and which did not."""
    if not chosen["p"].strip():
        return
    found = understand(chosen["p"])
    labels = {**THEMES, **TYPES}
    read_as: dict[str, list[str]] = {}
    for words, code in found.matched:
        if code in labels:
            read_as.setdefault(words, []).append(labels[code])
    render.show("partenaires_compris.html", compris=list(read_as.items()), inconnus=list(found.unknown))


def _address(chosen: dict[str, Any]) -> None:
    with st.expander("Partir d’une adresse", expanded=bool(chosen["pt"])):
        if chosen["pt"]:
            render.show("partenaires_adresse.html", adresse=chosen["ad"] or chosen["pt"])
            st.button("Revenir à la commune", on_click=page_state.choose, args=(PAGE,), kwargs={"pt": "", "ad": ""})
        words = st.text_input("Numéro, rue et commune", key="partenaires_saisie", max_chars=200)
        st.caption("L’adresse est envoyée au géocodeur public de la Géoplateforme, et à lui seul.")
        if st.button("Chercher cette adresse", icon=":material/travel_explore:") and words.strip():
            _search(words)


def _search(words: str) -> None:
    """Ask the geocoder; without it, say why and what remains possible."""
    try:
        with geocoding.geocoder(limits=replace(geocoding.LIMITS, deadline_s=PATIENCE_S)) as service:
            found = geocoding.find(words, service)
    except DataError as error:
        render.show("refus.html", texte=f"{error} Sans géocodeur, choisissez la commune ou cliquez sur la carte.")
        return
    point = next((f"{one.longitude:.5f},{one.latitude:.5f}" for one in found), "")
    if not point_of(point):
        said = "aucun lieu de France métropolitaine n’a été trouvé pour cette adresse. Vérifiez-la, ou choisissez"
        render.show("refus.html", texte=f"{said} la commune.")
        return
    page_state.choose(PAGE, pt=point, ad=found[0].label[:MOST_WORDS])
    st.rerun()


def _codes(labels: Mapping[str, str], text: str) -> list[str] | None:
    return [code for code in dict.fromkeys(text.split(",")) if code in labels] or None


def _number(bounds: tuple[int, int], text: str) -> int | None:
    low, high = bounds
    return int(text) if text.isdecimal() and text.isascii() and low <= int(text) <= high else None
