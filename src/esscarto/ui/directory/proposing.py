"""A visitor proposes an addition or a correction, which a person reads before it is live."""

import secrets

import streamlit as st

from esscarto.access import Person
from esscarto.french import NBSP
from esscarto.proposals import MAX_CELL, MAX_LONG_CELL, PROPOSABLE, Submission, submit
from esscarto.site import Site
from esscarto.ui import access, cache, page_state, render, state
from esscarto.ui.directory import actor_form, notice, opening, rows
from esscarto.ui.directory.opening import Opening

ACTIONS = {"ajouter": "Proposer un nouvel acteur", "corriger": "Proposer une correction"}
FIRST_OF_NEW = ("nom", "description", "adresse", "code_postal", "commune", "telephone", "courriel", "site_web")
LIMITS = {**dict.fromkeys(PROPOSABLE, MAX_CELL), **MAX_LONG_CELL}


def draw(site: Site, person: Person) -> None:  # noqa: ARG001 - anybody may propose
    """Draw this part of the page."""
    render.show("invitation_proposer.html", court=MAX_CELL, long=MAX_LONG_CELL["description"])
    named = rows.names(rows.table())
    asked = "corriger" if page_state.data_actor(named) else "ajouter"
    action = st.segmented_control(
        f"Que voulez-vous proposer{NBSP}?", list(ACTIONS), format_func=ACTIONS.__getitem__, default=asked, required=True
    )
    actor = rows.choose(named, "Fiche à corriger") if action == "corriger" else ""
    if action == "ajouter" or actor:
        ask(site, actor, commune="" if actor else _commune(site))
    else:
        notice.show("proposition")


def _commune(site: Site) -> str:
    """Return the commune that the link names: the sheet of a commune leads here."""
    return site.territories.current_commune(state.address().get("commune", "")) or ""


def ask(site: Site, actor: str, origin: str = "", commune: str = "") -> None:
    """Draw the form of a proposal.

    Parameters
    ----------
    site : Site
        The communes and the organisations to choose from.
    actor : str
        The actor to correct; an empty text for a new one.
    origin : str
        Where it is known from, to begin with.
    commune : str
        Code of its commune, to begin with.
    """
    filled = {"commune": str(site.territories.communes.at[commune, "nom"]), "code_insee": commune} if commune else {}
    form = opening.reopen("proposition", actor, lambda: rows.row(actor) if actor else {}, filled)
    # The name and the code of a commune are one field.
    columns = [column for column in actor_form.EVERY if column in PROPOSABLE]
    first = columns if actor else FIRST_OF_NEW
    with st.form(form.key, enter_to_submit=False, width=900):
        asked = form.asked(is_new=not actor, limits=LIMITS)
        typed = actor_form.draw(site, asked, first, [column for column in columns if column not in first])
        render.show(
            "groupe.html", titre=f"D’où le savez-vous{NBSP}?", texte="Le site de la structure, ses statuts, une visite…"
        )
        origin = actor_form.text(
            "Source de l’information (obligatoire)",
            f"{form.key}_origin",
            origin,
            fault=form.faults.get("origin", ""),
            tall=True,
            most=MAX_CELL,
        )
        # Hidden by the style sheet from eyes, keyboards and screen readers alike: what fills it in is a program.
        with st.container(key="piege"):
            trap = st.text_input("Laissez ce champ vide", key=f"{form.key}_trap", autocomplete="off", max_chars=200)
        sent = st.form_submit_button("Envoyer la proposition", type="primary")
    opening.answer(site, form, typed)
    if sent:
        submission = Submission(form.changed(typed), origin, actor, trap)
        opening.attempt(form, typed, lambda: _send(form, submission))


def _send(form: Opening, submission: Submission) -> None:
    proposal = submit(cache.store(), submission, sender=_sender(), limiter=cache.limiter())
    text = (
        f"Merci. Votre proposition porte le numéro {proposal.number}. Elle n’est pas encore dans l’annuaire{NBSP}: "
        "une personne la lira d’abord."
    )
    notice.leave("annonce.html", place=form.name, texte=text)


def _sender() -> str:
    """Tell this visitor from another: the limiter hashes it with a secret that dies with the process."""
    token = state.kept("visiteur")
    if not token:
        token = secrets.token_hex(16)
        state.keep("visiteur", token)
    # Behind a proxy of the same machine every visitor has its address, which Streamlit hides: the session then.
    return access.request().peer or str(token)
