"""The territories that can be chosen, how each is named, and the choice that finds one by what is typed."""

import functools
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from rapidfuzz import process
from streamlit.delta_generator import DeltaGenerator

from esscarto.french import fold, fold_name, sort_key
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import page_state, render, state
from esscarto.ui.state import EVERYWHERE
from esscarto.vocabulary import LEVELS

MOST_NEAR = 6
"""Names that are said when several, or none, are what was typed."""
CLOSE = 75
"""Likeness, of 100, from which a name is nearly what was typed."""


@functools.lru_cache(maxsize=2)
def territories(site: Site) -> dict[str, str]:
    """Return ``level:code`` -> name, the PETR first, then their EPCI, the wider levels, their communes."""
    layers = site.territories.layers
    petrs = [Territory("petr", code) for code in layers["petr"]["population"].sort_values(ascending=False).index]
    epcis = [Territory("epci", code) for petr in petrs for code in site.territories.children(petr, "epci")]
    others = [
        Territory("epci", str(code)) for code in layers["epci"].index if Territory("epci", str(code)) not in epcis
    ]
    others.sort(key=lambda epci: sort_key(site.territories.name(epci)))
    wide = [Territory(level, code) for level in ("departement", "region") for code in layers[level].index]
    communes = [Territory("commune", code) for petr in petrs for code in site.territories.communes_of(petr)]
    communes.sort(key=lambda commune: sort_key(site.territories.name(commune)))
    local = {str(territory): site.territories.name(territory) for territory in [*petrs, *epcis, *wide]}
    return {
        **local,
        EVERYWHERE: "Partout (tous les acteurs)",
        **{str(one): title(site, one) for one in communes},
    }


def title(site: Site, territory: Territory) -> str:
    """Name a territory; a commune with its intercommunalité."""
    name = site.territories.name(territory)
    above = site.territories.parent(territory) if territory.level == "commune" else None
    return f"{name} ({site.territories.name(above)})" if above else name


@functools.lru_cache(maxsize=2)
def communes(site: Site) -> dict[str, str]:
    """Return ``code_insee`` -> name and département of every commune of the layers, in alphabetical order."""
    layer = site.territories.communes
    ordered = sorted(zip(layer.index, layer["nom"], strict=True), key=lambda commune: sort_key(commune[1]))
    # The code of a commune begins with that of its département, which the layers give for some regions only.
    return {code: f"{name} ({code[: 3 if code.startswith('97') else 2]})" for code, name in ordered}


@functools.lru_cache(maxsize=2)
def wider_territories(site: Site) -> dict[str, str]:
    """Return ``level:code`` -> name of the territories wider than a commune, the widest last."""
    layers = site.territories.layers
    found = [Territory(level, str(code)) for level in LEVELS if level != "commune" for code in layers[level].index]
    found.sort(key=lambda one: (list(LEVELS).index(one.level), sort_key(site.territories.name(one))))
    return {str(one): site.territories.name(one) for one in found}


def told_apart(labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of a choice, each one different: Streamlit knows an option by its label alone."""
    counts = Counter(labels.values())
    return {key: f"{label} ({key})" if counts[label] > 1 and key else label for key, label in labels.items()}


def box(
    where: DeltaGenerator,
    label: str,
    options: Mapping[str, str],
    key: str,
    then: Callable[[], Any] | None = None,
    **more: Any,
) -> None:
    """Draw a choice of names where accents, hyphens and articles need not be typed.

    The list of Streamlit compares letter by letter: what it does not find is sent as it was typed, and looked for here.

    Parameters
    ----------
    where : DeltaGenerator
        The part of the page.
    label : str
        The title of the choice.
    options : dict of str to str
        Value -> name, each one different.
    key : str
        The key of the widget.
    then : callable
        What a choice changes besides.
    """
    first, offered = page_state.first_value(key), list(options)
    state.keep(f"choix_{key}", state.held(key) or first)
    where.selectbox(
        label,
        offered,
        index=offered.index(first) if first in options else 0,
        key=key,
        format_func=lambda one: options.get(one, one),
        accept_new_options=True,
        placeholder="Écrivez un nom",
        on_change=_resolve,
        args=(key, options, then),
        **more,
    )
    if told := state.kept(f"cherché_{key}"):
        with where:
            render.show("choix_cherche.html", mots=told[0], noms=told[1])


def _resolve(key: str, options: Mapping[str, str], then: Callable[[], Any] | None) -> None:
    """Choose what was typed when it is the name of one option; else keep the former choice and say which are near."""
    typed = state.held(key)
    state.keep(f"cherché_{key}", None)
    if typed not in options:
        found = matches(options, str(typed))
        state.put(key, found[0] if len(found) == 1 else state.kept(f"choix_{key}"))
        if len(found) != 1:
            near = found or near_names(options, str(typed))
            state.keep(f"cherché_{key}", (str(typed), [options[one] for one in near[:MOST_NEAR]]))
            return
    if then:
        then()


def matches(options: Mapping[str, str], words: str) -> list[str]:
    """Return the options whose name holds the words, accents, hyphens and articles ignored; of that very name if any.

    Parameters
    ----------
    options : dict of str to str
        Value -> name, with what tells it apart in brackets.
    words : str
        What somebody typed.
    """
    wanted, whole = fold_name(words), fold(words)
    if not wanted:
        return []
    names = {one: fold_name(name) for one, name in options.items()}
    same = [one for one, name in options.items() if whole == fold(name) or wanted == fold_name(name.partition(" (")[0])]
    held = [one for one, name in names.items() if f" {wanted}" in f" {name}"]
    return same or sorted(held, key=lambda one: (not names[one].startswith(wanted), len(names[one])))


def near_names(options: Mapping[str, str], words: str) -> list[str]:
    """Return the options whose names are written nearly so."""
    names = {one: fold_name(name.partition(" (")[0]) for one, name in options.items()}
    return [one for _, _, one in process.extract(fold_name(words), names, limit=MOST_NEAR, score_cutoff=CLOSE)]
