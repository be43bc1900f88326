"""The parts of the page Données, as data, and the choice of one."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from esscarto.access import Person
from esscarto.french import NBSP
from esscarto.journal import EDITORS
from esscarto.site import Site
from esscarto.ui import access, page_state, render
from esscarto.ui.directory import (
    digest,
    editing,
    geocoding,
    health,
    history,
    importing,
    moderating,
    proposing,
    registers,
)


class Part(NamedTuple):
    """One part of the page: its French title, what draws it, and whether only editors see it."""

    title: str
    draw: Callable[[Site, Person], None]
    editors_only: bool


PARTS = {
    "sante": Part("État de l’annuaire", health.draw, False),
    "proposer": Part("Proposer", proposing.draw, False),
    "modifier": Part("Modifier", editing.draw, True),
    "importer": Part("Importer", importing.draw, True),
    "registres": Part("Registres publics", registers.draw, True),
    "geocoder": Part("Situer", geocoding.draw, True),
    "propositions": Part("Propositions reçues", moderating.draw, True),
    "historique": Part("Historique", history.draw, True),
    "lettre": Part("Lettre", digest.draw, True),
}
"""Code in the address -> part, in the order of the page."""


def draw(site: Site) -> None:
    """Draw the choice of the part, and the part chosen."""
    person = access.person()
    offered = {code: part for code, part in PARTS.items() if person.may_edit or not part.editors_only}
    said = f"Vous êtes ici comme{NBSP}: {EDITORS[person.role].lower()}." if person.may_edit else ""
    render.show(
        "titre_donnees.html", total=len(site.actors), role=said or "Chacun peut proposer un ajout ou une correction."
    )
    access.draw(person)
    chosen = page_state.data_part(list(offered))
    waiting = moderating.waiting() if person.may_edit else 0
    st.segmented_control(
        "Partie",
        list(offered),
        key="partie",
        format_func=lambda code: offered[code].title + (f" ({waiting})" if code == "propositions" and waiting else ""),
        label_visibility="collapsed",
        required=True,
    )
    offered[chosen].draw(site, person)
