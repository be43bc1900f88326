"""The page Agir: an élu, a competence, and what follows: actions, who may help or sell, whom to call, what money."""

from typing import Any

import numpy as np
import streamlit as st

from esscarto import links
from esscarto.cartography.layers import words
from esscarto.documents.selection import NOT_A_CENSUS
from esscarto.french import NBSP, count, number
from esscarto.levers import CANDIDATE_TYPES, RADII_KM, STEPS, Action, candidates, elsewhere, helpers, supply
from esscarto.programmes import COUNTRY, NATURES, STATES
from esscarto.proximity import nearest
from esscarto.schema import LIST_SEPARATOR
from esscarto.site import Site
from esscarto.supports import ROLES, WAYS
from esscarto.territories import Territory
from esscarto.ui import chooser, page_state, render, state
from esscarto.vocabulary import STATUTS, THEMES, TYPES

PAGE = "agir"
DEFAULTS: dict[str, Any] = {"comp": ""}
"""Key of the address -> the value that the address leaves out."""
REACH_KM = RADII_KM[-1]
MOST_HELPERS, MOST_CANDIDATES, MOST_MEANS = 4, 5, 6
START = {"commune": "l’endroit habité de la commune", "epci": "le milieu de l’intercommunalité"}
"""Level -> where the distances are measured from."""
CALLED = ("collectivite", "information")
HELPING = ("accompagnement", "financement", "reseau")
Distances = list[tuple[int, float]]
"""Position of an actor and straight kilometres, the nearest first."""


def draw(site: Site) -> None:
    """Draw the page."""
    render.show("titre_agir.html")
    titles = site.competences.titles
    parsers = {
        "t": lambda text: _held(text, site),
        "comp": lambda text: text if text in titles else None,
    }
    chosen = page_state.page_choice(PAGE, site, DEFAULTS, parsers)
    places = _places(site, chosen["t"])
    left, right = st.columns(2)
    left.selectbox(
        "Vous êtes élu, ou élue, de", list(places), key=page_state.page_key(PAGE, "t"), format_func=places.__getitem__
    )
    right.selectbox(
        "Compétence",
        ["", *titles],
        key=page_state.page_key(PAGE, "comp"),
        format_func=lambda code: titles.get(code, "Choisissez une compétence"),
    )
    territory = Territory.parse(chosen["t"])
    if not chosen["comp"]:
        cards = [(code, name, len(site.competences.actions(code))) for code, name in titles.items()]
        render.show("competences.html", cartes=cards, territoire=chosen["t"])
        return
    answer = answer_for(site, territory, chosen["comp"])
    for template in ("agir_appeler.html", "agir.html", "agir_achats.html", "agir_moyens.html"):
        render.show(template, **answer)


def answer_for(site: Site, territory: Territory, competence: str) -> dict[str, Any]:
    """Return all that the page says to an élu of a territory about a competence."""
    actions = site.competences.actions(competence)
    lieu = site.territories.title(territory)
    themes = frozenset(theme for action in actions for theme in action.themes)
    everyone = np.ones(len(site.actors), dtype=bool)
    found = nearest(site.actors, site.territories, territory, everyone, len(site.actors))
    places = site.actors.frame.index.get_indexer([actor for actor, _ in found])
    distances = [(int(at), kilometres) for at, (_, kilometres) in zip(places, found, strict=True)]
    may_answer = candidates(site.index)
    near = [one for one in distances if may_answer[one[0]]]
    holders = [territory, *site.territories.parents(territory)]
    supports = site.supports.for_territories(holders)
    # Nobody is told to call their own services.
    first = site.supports.first(holders)
    others = [row for row in supports if row["role"] in CALLED and not _is_own(row, territory)]
    called = [row for row in others if not first or row["organisation"] != first["organisation"]]
    helping = [row for row in [*supports, *site.supports.national()] if row["role"] in HELPING]
    programmes = site.programmes.for_territories(holders, themes)
    return {
        "lieu": lieu,
        "territoire": str(territory),
        "depuis": f"{START[territory.level]} ({lieu})",
        "competence": site.competences.titles[competence],
        "actions": _actions(site, territory, actions, distances),
        "reserve": NOT_A_CENSUS,
        "portee": REACH_KM,
        **_purchase(site, near, may_answer, holders),
        "premier": first and _support(site, first),
        "appeler": [_support(site, row) for row in sorted(called, key=_without_address) if not _silent(row)],
        "nommes": [_support(site, row) for row in called if _silent(row)],
        "aider": [_support(site, row) for row in helping if not themes.isdisjoint(row["themes"].split(LIST_SEPARATOR))],
        "programmes": [_programme(site, row) for row in programmes],
        "themes": ", ".join(THEMES[theme].lower() for theme in THEMES if theme in themes),
        "premiers": MOST_MEANS,
    }


def _held(text: str, site: Site) -> str | None:
    """Read a commune or an intercommunalité; a wider territory gives its most inhabited intercommunalité."""
    if not state.known_territory(text, site):
        return None
    territory = Territory.parse(text)
    if territory.level in ("commune", "epci"):
        return text
    codes = site.territories.children(territory, "epci")
    people = site.territories.layers["epci"].loc[codes, "population"]
    return f"epci:{people.idxmax()}" if len(people) else None


def _places(site: Site, chosen: str) -> dict[str, str]:
    """Return the intercommunalités, then the communes of the PETR, and what a link names besides."""
    offered = {key: name for key, name in chooser.territories(site).items() if key.startswith(("epci:", "commune:"))}
    return offered if chosen in offered else {chosen: chooser.title(site, Territory.parse(chosen)), **offered}


def _actions(site: Site, territory: Territory, actions: list[Action], distances: Distances) -> list[dict[str, Any]]:
    told: set[str] = set()
    lines = []
    for action in actions:
        leads = helpers(site.index, action)
        found = [one for one in distances if leads[one[0]]]
        inside = [one for one in found if one[1] <= REACH_KM]
        practices = elsewhere(site.practices.sheets, action, site.territories, territory)
        # Another one than for the action above, when there is another.
        practice = next((sheet for sheet in practices if sheet["id"] not in told), next(iter(practices), None))
        told |= {practice["id"]} if practice else set()
        lines.append(
            {
                "titre": action.title,
                "theme": THEMES[action.theme].lower(),
                "source": site.cite(action.source),
                "aides": [_actor(site, *one, action) for one in inside[:MOST_HELPERS]],
                "connus": len(inside),
                "au_dela": _actor(site, *found[0], action) if found and not inside else None,
                "pratique": practice and {key: practice[key] for key in ("id", "titre")},
            }
        )
    return lines


def _actor(site: Site, at: int, kilometres: float, action: Action | None = None) -> dict[str, Any]:
    row = site.rows[at]
    wanted = (action.types, frozenset([action.theme])) if action else (frozenset(CANDIDATE_TYPES), frozenset[str]())
    shown = [_only(row[column], codes) for column, codes in zip(("types", "themes"), wanted, strict=True)]
    return {
        "id": row["id"],
        "nom": row["nom"],
        "commune": site.places[at],
        "km": f"{number(kilometres, 1)}{NBSP}km",
        "raisons": ", ".join(part for part in (words(shown[0], TYPES), words(shown[1], THEMES).lower()) if part),
        "etat": "" if row["statut"] == "actif" else STATUTS[row["statut"]].lower(),
    }


def _only(cell: str, wanted: frozenset[str]) -> str:
    return LIST_SEPARATOR.join(code for code in cell.split(LIST_SEPARATOR) if code in wanted)


def _purchase(site: Site, near: Distances, may_answer: np.ndarray, holders: list[Territory]) -> dict[str, Any]:
    """Return how many may answer a purchase within each radius, and the radius of one, three and five of them."""
    shown: dict[str, dict[str, Any]] = {}
    for at, kilometres in near:
        shown.setdefault(site.rows[at]["organisation"], _actor(site, at, kilometres))
    found = supply(site.index, near)
    here = may_answer & ~np.isfinite(site.actors.frame["x"].to_numpy(float)) & site.index.inside(holders[-1])
    without = site.actors.frame.loc[here, "organisation"].nunique()
    radii = [(step, found.radius(step)) for step in STEPS]
    return {
        "rayons": [(radius, count(found.within(radius), "organisation")) for radius in RADII_KM],
        "paliers": [
            (step, f"{number(km, 1)}{NBSP}km" if km is not None else f"moins de {step} connues avec un point")
            for step, km in radii
        ],
        "candidats": list(shown.values())[:MOST_CANDIDATES],
        "sans_point": int(without),
        "autour": site.territories.title(holders[-1]),
        "types_cherches": ", ".join(TYPES[code] for code in CANDIDATE_TYPES),
    }


def _silent(row: dict[str, str]) -> bool:
    """Whether the source prints neither an address nor whom to ask for."""
    return not any(row[column] for column in WAYS)


def _without_address(row: dict[str, str]) -> bool:
    return not any(row[column] for column in ("courriel", "telephone", "site_web"))


def _is_own(row: dict[str, str], territory: Territory) -> bool:
    return row["role"] == "collectivite" and row["territoire"] == str(territory)


def _support(site: Site, row: dict[str, str]) -> dict[str, Any]:
    return {
        "nom": site.organisation_name(row["organisation"]),
        "id": site.organisations[row["organisation"]][0],
        "role": "collectivité" if row["role"] == "collectivite" else ROLES[row["role"]],
        "territoire": site.subject_name(row["territoire"]),
        "apport": row["ce_qu_il_apporte"],
        "fonction": row["contact_fonction"],
        "courriel": links.mail(row["courriel"]),
        "telephone": row["telephone"],
        "site": links.web(row["site_web"]),
        "note": row["note"],
        "source": site.cite(row["source"]),
    }


def _programme(site: Site, row: dict[str, str]) -> dict[str, Any]:
    return {
        "nom": row["nom"],
        "nature": NATURES[row["nature"]],
        "etat": STATES[row["etat"]],
        "quoi": row["ce_que_c_est"],
        "pour": row["beneficiaires"],
        "territoire": "France" if row["territoire"] == COUNTRY else site.subject_name(row["territoire"]),
        "note": row["note"],
        "source": site.cite(row["source"]),
    }
