"""The versions kept of the directory: what going back to one would change, and going back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from esscarto.editing import KEY, EditError
from esscarto.errors import DataError
from esscarto.french import NBSP, count, moment
from esscarto.journal import ACTORS, restore, versions
from esscarto.storage.versions import Version, compare
from esscarto.ui import access, cache, render
from esscarto.ui.directory import actor_form, notice, rows

NOTICE = "version"
MOST_NAMED = 10
JUST_BEFORE = timedelta(minutes=1)


def draw(made: Sequence[tuple[datetime, str]]) -> None:
    """Draw the versions, and what going back to the chosen one would change.

    Parameters
    ----------
    made : sequence of (datetime.datetime, str)
        When and what the changes of the journal were, the newest first: what each version comes from.
    """
    store = cache.store()
    present = store.read(ACTORS)
    kept = versions(store)
    told = causes(kept, made)
    said = {version.number: {**_words(version), "cause": told[version.number]} for version in kept}
    render.show("versions.html", versions=said.values(), avis=present.notice)
    notice.show(NOTICE)
    past = {version.number: version for version in kept if not version.is_current}
    if not past:
        return
    number = st.selectbox(
        "Version à remettre",
        list(past),
        None,
        format_func=lambda number: f"Version {number}, {said[number]['quand']}",
        placeholder="Choisir une version",
        width=560,
    )
    if number:
        _preview(number)


def causes(kept: Sequence[Version], made: Sequence[tuple[datetime, str]]) -> dict[int, str]:
    """Return number of a version -> what made it, in French, "" when the journal does not say.

    A version is written just after its change is dated; the content that a first save finds is kept with it.
    """
    left, found = list(made), {}
    newer: Version | None = None
    for version in kept:
        while left and left[0][0] > version.when:
            left.pop(0)
        found[version.number] = ""
        if newer and found[newer.number] and version.when == newer.when:
            found[version.number] = "Contenu d’avant la version suivante"
        elif left and version.when - left[0][0] < JUST_BEFORE:
            found[version.number] = left.pop(0)[1]
        newer = version
    return found


def _preview(number: int) -> None:
    now, then = rows.table(), cache.store().version(ACTORS, number)
    found = compare(now, then, KEY)
    named = {**rows.names(then), **rows.names(now)}
    parts = {
        "Fiches qui reviendraient": found.back,
        "Fiches qui disparaîtraient": found.gone,
        "Fiches qui reprendraient d’anciennes valeurs": found.changed,
    }
    render.show(
        "apercu_version.html",
        numero=number,
        groupes=[
            (words, len(actors), [named[actor] for actor in actors[:MOST_NAMED]]) for words, actors in parts.items()
        ],
    )
    with st.form(f"version_{number}", enter_to_submit=False, width=900):
        reason = actor_form.text("Motif (facultatif)", f"version_{number}_reason")
        sure = st.checkbox("Je confirme le retour à cette version", key=f"version_{number}_sure")
        sent = st.form_submit_button("Revenir à cette version", type="primary")
    notice.show("version refusée")
    if sent:
        _restore(number, reason, sure)


def _restore(number: int, reason: str, sure: bool) -> None:
    try:
        if not sure:
            raise EditError({"confirmed": "cochez la case."}, {"confirmed": "Confirmation"})
        restore(cache.store(), number, role=access.must_edit().role, reason=reason)
    except DataError as error:
        notice.leave("refus.html", place="version refusée", texte=str(error))
    else:
        cache.reread()
        text = f"L’annuaire est revenu à la version {number}{NBSP}; ce qu’il était avant est gardé comme version."
        notice.leave("annonce.html", place=NOTICE, texte=text)
    st.rerun()


def _words(version: Version) -> dict[str, str]:
    return {
        "numero": str(version.number),
        "quand": moment(version.when.astimezone()),
        "lignes": "illisible" if version.rows is None else count(version.rows, "fiche"),
        "etat": "Version d’aujourd’hui" if version.is_current else "",
    }
