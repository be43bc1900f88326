"""The queue of proposals: what each would change in today's row; accept it or refuse it."""

import datetime

import streamlit as st

from esscarto import completing
from esscarto.access import Person
from esscarto.editing import actors_schema, tidy_row
from esscarto.errors import DataError
from esscarto.french import NBSP, count, moment
from esscarto.journal import EDITORS
from esscarto.proposal_queue import PENDING, STATES, Proposal, read_queue
from esscarto.proposals import accept, pending, refuse
from esscarto.site import Site
from esscarto.ui import access, cache, render
from esscarto.ui.directory import actor_form, new_row, notice, opening, rows
from esscarto.ui.directory.actor_words import lines, say, title
from esscarto.ui.directory.opening import Opening

FORM, REFUSAL = "acceptation", "refus_proposition"
MOST_SETTLED = 200


def draw(site: Site, person: Person) -> None:  # noqa: ARG001 - asked again when it writes
    """Draw this part of the page."""
    queue = read_queue(cache.store())
    waiting = {proposal.number: proposal for proposal in queue if proposal.state == PENDING}
    text = "Rien n’entre dans l’annuaire avant que vous l’ayez accepté."
    render.show("titre_partie.html", titre="Propositions reçues", texte=text)
    notice.show(FORM)
    named = rows.names(rows.table())
    if waiting:
        _draw_waiting(site, waiting, named)
    else:
        render.show("groupe.html", titre="Aucune proposition n’attend")
    settled = [_settled(proposal, named) for proposal in reversed(queue) if proposal.state != PENDING]
    if settled:
        render.show("propositions_decidees.html", total=len(settled), lignes=settled[:MOST_SETTLED])


def waiting() -> int:
    """Count the proposals that wait; 0 when the queue cannot be read, which this part of the page then says."""
    try:
        return len(pending(cache.store()))
    except DataError:
        return 0


def _settled(proposal: Proposal, named: dict[str, str]) -> dict[str, str]:
    return {
        "nom": _label(proposal, named),
        "etat": STATES[proposal.state],
        "quand": moment(datetime.datetime.fromisoformat(proposal.decided)),
        "role": EDITORS.get(proposal.role, proposal.role),
        "motif": proposal.reason,
        "changement": str(proposal.change or ""),
    }


def _draw_waiting(site: Site, waiting: dict[int, Proposal], named: dict[str, str]) -> None:
    number = st.selectbox(
        f"Proposition à lire{NBSP}: {count(len(waiting), 'en attente', 'en attente')}",
        list(waiting),
        format_func=lambda number: _label(waiting[number], named),
        width=560,
    )
    proposal = waiting[number]
    if proposal.actor and proposal.actor not in named:
        render.show("refus.html", texte="la fiche que cette proposition corrige n’est plus dans l’annuaire.")
    else:
        _accept(site, proposal, named)
    _refuse(proposal)


def _label(proposal: Proposal, named: dict[str, str]) -> str:
    about = named.get(proposal.actor, proposal.actor) or proposal.cells.get("nom", "")
    kind = "correction" if proposal.actor else "ajout"
    return f"N° {proposal.number}, {kind}{NBSP}: {about}"


def _accept(site: Site, proposal: Proposal, named: dict[str, str]) -> None:
    origin = f"proposition:{proposal.number}"
    form = opening.reopen(
        FORM,
        str(proposal.number),
        lambda: rows.row(proposal.actor) if proposal.actor else {},
        proposal.cells,
    )
    columns = set(proposal.cells) if proposal.actor else set(actor_form.EVERY)
    columns |= {"commune"} if columns & {"commune", "code_insee"} else set()
    first = [
        column for column in actor_form.EVERY if column in columns and (proposal.actor or _is_first(proposal, column))
    ]
    more = [column for column in actor_form.EVERY if column in columns and column not in first]
    render.show(
        "proposition.html",
        numero=proposal.number,
        quand=moment(datetime.datetime.fromisoformat(proposal.when)),
        nom=named.get(proposal.actor, ""),
        origine=proposal.origin,
        lignes=_differences(site, proposal, form),
        change=any(form.before.get(column, "") != seen for column, seen in proposal.seen.items()),
    )
    with st.form(form.key, enter_to_submit=False, width=900):
        typed = actor_form.draw(site, form.asked(is_new=not proposal.actor), first, more)
        reason = actor_form.text(
            "Motif (facultatif)",
            f"{form.key}_reason",
            form.values.get("reason", ""),
            fault=form.faults.get("reason", ""),
        )
        sent = st.form_submit_button("Accepter", type="primary")
    opening.answer(site, form, typed)
    if sent:
        again = (lambda: rows.row(proposal.actor)) if proposal.actor else dict
        kept = {**typed, "reason": reason}
        opening.attempt(form, kept, lambda: _write(site, proposal, form, typed, origin, reason), again)


def _is_first(proposal: Proposal, column: str) -> bool:
    return column in proposal.cells or column in new_row.FIRST


def _differences(site: Site, proposal: Proposal, form: Opening) -> list[dict[str, str]]:
    """Return, column by column, what the visitor saw, what the row holds today, and what is proposed."""
    return [
        {
            "titre": title(column) if column != "code_insee" else "Code de la commune",
            "avant": say(site, column, proposal.seen.get(column, "")),
            "milieu": say(site, column, form.before.get(column, "")),
            "apres": say(site, column, value),
        }
        for column, value in proposal.cells.items()
    ]


def _write(site: Site, proposal: Proposal, form: Opening, typed: dict[str, str], origin: str, reason: str) -> None:
    role = access.must_edit().role
    if proposal.actor:
        after = tidy_row(form.changed(typed), actors_schema())
        # What the moderator puts back to what it was is not taken.
        kept = {column: form.before.get(column, "") for column in proposal.cells if column not in after}
        cells = {**kept, **after}
        cells |= completing.place(form.before, after) | completing.source(form.before, after, origin)
    else:
        known = rows.table()
        new_row.tell_look_alikes(form, typed, known, "Accepter")
        cells = new_row.completed(typed, known, origin)
        cells |= {column: "" for column in proposal.cells if not typed.get(column)}
    change = accept(cache.store(), proposal.number, role=role, cells=cells, seen=form.before, reason=reason)
    notice.leave(
        "enregistre.html",
        place=FORM,
        texte=f"Proposition {proposal.number} acceptée.",
        titre=f"Ce qui a changé (changement {change.number})",
        lignes=lines(site, change.cells),
        acteur=change.actor,
        autour=rows.around(site, rows.row(change.actor)),
        change=change.number,
    )


def _refuse(proposal: Proposal) -> None:
    form = opening.reopen(REFUSAL, str(proposal.number), dict)
    with (
        st.expander("Refuser cette proposition", expanded=bool(form.faults), width=900),
        st.form(form.key, enter_to_submit=False),
    ):
        reason = actor_form.text(
            f"Pourquoi{NBSP}? (obligatoire)", f"{form.key}_reason", fault=form.faults.get("reason", ""), most=500
        )
        sent = st.form_submit_button("Refuser")
    notice.show(REFUSAL)
    if sent:
        opening.attempt(form, {}, lambda: _write_refusal(proposal, reason))


def _write_refusal(proposal: Proposal, reason: str) -> None:
    refuse(cache.store(), proposal.number, role=access.must_edit().role, reason=reason)
    text = f"Proposition {proposal.number} refusée. Elle reste plus bas, parmi celles déjà traitées, avec votre motif."
    notice.leave("annonce.html", place=FORM, texte=text)
