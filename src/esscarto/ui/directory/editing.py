"""Correct, add or retire an actor."""

import datetime

import streamlit as st

from esscarto import completing
from esscarto.access import Person
from esscarto.editing import Addition, Correction, EditError, Retirement, actors_schema, new_identifier, tidy_row
from esscarto.french import NBSP, enumerate_words, fold
from esscarto.journal import Change, record
from esscarto.site import Site
from esscarto.ui import access, cache, render
from esscarto.ui.directory import actor_form, notice, opening, rows
from esscarto.ui.directory.actor_words import lines
from esscarto.ui.directory.opening import Opening

ACTIONS = {"corriger": "Corriger une fiche", "ajouter": "Ajouter un acteur", "retirer": "Retirer un acteur"}
FIRST_OF_NEW = ("nom", "statut_ess", "roles", "commune", "statut")
"""What a new row needs; its identifier, its place and its source follow."""
NEVER = ("id",)
"""A row keeps its identifier."""


def draw(site: Site, person: Person) -> None:  # noqa: ARG001 - asked again when it writes
    """Draw this part of the page."""
    render.show("titre_partie.html", titre="Modifier l’annuaire", texte="Chaque changement est daté et s’annule.")
    action = st.segmented_control(
        "Que voulez-vous faire ?", list(ACTIONS), format_func=ACTIONS.__getitem__, default="corriger", required=True
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
        opening.attempt(form, typed, lambda: _write_correction(site, form, typed, reason), lambda: rows.row(actor))


def _write_correction(site: Site, form: Opening, typed: dict[str, str], reason: str) -> None:
    after = tidy_row(form.changed(typed), actors_schema())
    follows = completing.place(form.before, after) | completing.source(form.before, after, _entry())
    edit = Correction(form.about, form.before, {**after, **follows})
    _done(site, form, record(cache.store(), [edit], role=access.must_edit().role, reason=reason)[0])


def _add(site: Site) -> None:
    form = opening.reopen("ajout", "", dict)
    with st.form(form.key, enter_to_submit=False, width=900):
        rare = [column for column in actor_form.EVERY if column not in FIRST_OF_NEW]
        typed = actor_form.draw(site, form.asked(is_new=True), FIRST_OF_NEW, rare)
        reason = _reason(form)
        sent = st.form_submit_button("Ajouter", type="primary")
    opening.answer(site, form, typed)
    if sent:
        opening.attempt(form, typed, lambda: _write_addition(site, form, typed, reason))


def _write_addition(site: Site, form: Opening, typed: dict[str, str], reason: str) -> None:
    known = rows.table()
    same = known[(known["nom"].map(fold) == fold(typed["nom"])) & (known["nom"] != "")]
    look_alike = tuple(same["id"])
    if look_alike and look_alike != form.warned:
        opening.warn(form, look_alike)
        named = enumerate_words(rows.names(same).values())
        fault = f"l’annuaire a déjà{NBSP}: {named}. Si c’est un autre lieu, cliquez encore sur «{NBSP}Ajouter{NBSP}»."
        raise EditError({"nom": fault}, {})
    row = completed(typed, known["id"].tolist(), _entry())
    _done(site, form, record(cache.store(), [Addition(row)], role=access.must_edit().role, reason=reason)[0])


def completed(typed: dict[str, str], taken: list[str], origin: str) -> dict[str, str]:
    """Return a new row with what follows from what is typed: identifier, organisation, place, source."""
    row = {column: value for column, value in typed.items() if value}
    row.setdefault("id", new_identifier(row.get("nom", ""), row.get("commune", ""), taken))
    row.setdefault("organisation", row["id"])
    return {**row, **completing.place({}, row), **completing.source({}, row, origin)}


def _retire(site: Site, actor: str) -> None:
    render.show(
        "groupe.html",
        titre="Cet acteur n’existe plus, ou n’est plus ici",
        texte="Sa fiche reste dans l’annuaire, marquée « Terminé ». Une fiche ajoutée par erreur s’enlève autrement : "
        "annulez son ajout dans l’historique.",
    )
    form = opening.reopen("retrait", actor, lambda: rows.row(actor))
    with st.form(form.key, enter_to_submit=False, width=900):
        when = actor_form.text(
            "Depuis quand ? (obligatoire : AAAA, AAAA-MM ou AAAA-MM-JJ)",
            f"{form.key}_date",
            fault=form.faults.get("statut_date", ""),
            most=10,
        )
        reason = _reason(form)
        sure = st.checkbox("Je confirme le retrait de cette fiche", key=f"{form.key}_sure")
        actor_form.say_fault(form.faults.get("confirmed", ""))
        sent = st.form_submit_button("Retirer", type="primary")
    opening.answer(site, form, {})
    if sent:
        opening.attempt(form, {}, lambda: _write_retirement(site, form, when, reason, sure), lambda: rows.row(actor))


def _write_retirement(site: Site, form: Opening, when: str, reason: str, sure: bool) -> None:
    if not sure:
        raise EditError({"confirmed": "cochez la case pour confirmer."}, {})
    edit = Retirement(form.about, form.before, when)
    _done(site, form, record(cache.store(), [edit], role=access.must_edit().role, reason=reason)[0])


def _reason(form: Opening) -> str:
    return actor_form.text(
        "Motif (facultatif)",
        f"{form.key}_reason",
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
        change=change.number,
    )
