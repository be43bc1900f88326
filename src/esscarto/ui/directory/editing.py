"""Correct, add or retire an actor."""

import datetime

import streamlit as st

from esscarto import completing
from esscarto.access import Person
from esscarto.editing import Addition, Correction, EditError, Retirement, actors_schema, tidy_row
from esscarto.french import NBSP
from esscarto.importing.dates import iso
from esscarto.journal import Change, record
from esscarto.site import Site
from esscarto.ui import access, cache, render
from esscarto.ui.directory import actor_form, new_row, notice, opening, rows
from esscarto.ui.directory.actor_words import lines
from esscarto.ui.directory.opening import Opening

ACTIONS = {"corriger": "Corriger une fiche", "ajouter": "Ajouter un acteur", "retirer": "Retirer un acteur"}
NEVER = ("id",)
"""A row keeps its identifier."""


def draw(site: Site, person: Person) -> None:  # noqa: ARG001 - asked again when it writes
    """Draw this part of the page."""
    render.show("titre_partie.html", titre="Modifier l’annuaire", texte="Chaque changement est daté et s’annule.")
    action = st.segmented_control(
        f"Que voulez-vous faire{NBSP}?",
        list(ACTIONS),
        format_func=ACTIONS.__getitem__,
        default="corriger",
        required=True,
    )
    if action == "ajouter":
        _add(site)
        return
    actor = rows.choose(rows.names(rows.table()), "Fiche")
    if not actor:
        notice.show("retrait")
    elif action == "retirer":
        _retire(site, actor)
    else:
        _correct(site, actor)


def _correct(site: Site, actor: str) -> None:
    form = opening.reopen("correction", actor, lambda: rows.row(actor))
    with st.form(form.key, enter_to_submit=False, width=900):
        usual = [column for column in actor_form.EVERY if column in actor_form.USUAL]
        rare = [column for column in actor_form.EVERY if column not in (*actor_form.USUAL, *NEVER)]
        typed = actor_form.draw(site, form.asked(), usual, rare)
        reason = _reason(form)
        sent = st.form_submit_button("Enregistrer", type="primary")
    opening.answer(site, form, typed)
    if sent:
        kept = {**typed, "reason": reason}
        opening.attempt(form, kept, lambda: _write_correction(site, form, typed, reason), lambda: rows.row(actor))


def _write_correction(site: Site, form: Opening, typed: dict[str, str], reason: str) -> None:
    after = tidy_row(form.changed(typed), actors_schema())
    follows = completing.place(form.before, after) | completing.source(form.before, after, _entry())
    edit = Correction(form.about, form.before, {**after, **follows})
    _done(site, form, record(cache.store(), [edit], role=access.must_edit().role, reason=reason)[0])


def _add(site: Site) -> None:
    form = opening.reopen("ajout", "", dict)
    with st.form(form.key, enter_to_submit=False, width=900):
        rare = [column for column in actor_form.EVERY if column not in new_row.FIRST]
        typed = actor_form.draw(site, form.asked(is_new=True), new_row.FIRST, rare)
        reason = _reason(form)
        sent = st.form_submit_button("Ajouter", type="primary")
    opening.answer(site, form, typed)
    if sent:
        opening.attempt(form, typed, lambda: _write_addition(site, form, typed, reason))


def _write_addition(site: Site, form: Opening, typed: dict[str, str], reason: str) -> None:
    role = access.must_edit().role
    known = rows.table()
    new_row.tell_look_alikes(form, typed, known, "Ajouter")
    addition = Addition(new_row.completed(typed, known, _entry()))
    _done(site, form, record(cache.store(), [addition], role=role, reason=reason)[0])


def _retire(site: Site, actor: str) -> None:
    render.show(
        "groupe.html",
        titre="Cet acteur n’existe plus, ou n’est plus ici",
        texte=f"Sa fiche reste dans l’annuaire, marquée «{NBSP}Terminé{NBSP}». Une fiche ajoutée par erreur s’enlève "
        f"autrement{NBSP}: annulez son ajout dans l’historique.",
    )
    form = opening.reopen("retrait", actor, lambda: rows.row(actor))
    with st.form(form.key, enter_to_submit=False, width=900):
        when = actor_form.text(
            f"Depuis quand{NBSP}? (obligatoire{NBSP}; par exemple{NBSP}: novembre 2026)",
            f"{form.key}_date",
            form.values.get("date", ""),
            fault=form.faults.get("statut_date", ""),
            most=30,
        )
        reason = _reason(form)
        sure = st.checkbox("Je confirme le retrait de cette fiche", key=f"{form.key}_sure")
        actor_form.say_fault(form.faults.get("confirmed", ""))
        sent = st.form_submit_button("Retirer", type="primary")
    opening.answer(site, form, {})
    if sent:
        kept = {"date": when, "reason": reason}
        opening.attempt(form, kept, lambda: _write_retirement(site, form, when, reason, sure), lambda: rows.row(actor))


def _write_retirement(site: Site, form: Opening, when: str, reason: str, sure: bool) -> None:
    if not sure:
        raise EditError({"confirmed": "cochez la case pour confirmer."}, {})
    edit = Retirement(form.about, form.before, iso(when))
    _done(site, form, record(cache.store(), [edit], role=access.must_edit().role, reason=reason)[0])


def _reason(form: Opening) -> str:
    return actor_form.text(
        "Motif (facultatif)",
        f"{form.key}_reason",
        form.values.get("reason", ""),
        fault=form.faults.get("reason", ""),
    )


def _entry() -> str:
    return f"saisie:{datetime.date.today().isoformat()}"


def _done(site: Site, form: Opening, change: Change) -> None:
    said = {"ajout": "Ajouté à l’annuaire.", "retrait": "Fiche retirée."}.get(change.kind, "Enregistré.")
    notice.leave(
        "enregistre.html",
        place=form.name,
        texte=said,
        titre=f"Ce qui a changé (changement {change.number})",
        lignes=lines(site, change.cells),
        acteur=change.actor,
        autour=rows.around(site, rows.row(change.actor)),
        change=change.number,
    )
