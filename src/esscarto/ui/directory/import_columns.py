"""Which column of a file is read for what, and what the file is."""

import streamlit as st

from esscarto.errors import DataError
from esscarto.importing.findings import shorten
from esscarto.importing.mapping import Proposal, targets
from esscarto.ui import render
from esscarto.ui.directory import import_work, notice
from esscarto.ui.directory.import_work import Work
from esscarto.vocabulary import BY_COLUMN

SURE = ("même nom", "nom connu", "gardée à part")
"""Why a proposal needs no look, unless one asks for it."""
PAGE = 12
DEFAULTS = {"roles": "Rôle", "statut": "État", "statut_ess": "Rapport à l’ESS"}
"""What is written where the file says nothing, as the form asks it."""


def draw(work: Work) -> None:
    """Draw the columns: those to look at as choices, the others as a table."""
    proposals = work.mapping.proposals
    doubtful = [proposal for proposal in proposals if proposal.how not in SURE]
    every = st.toggle("Changer aussi les colonnes reconnues", key=f"import_toutes_{work.number}")
    asked = list(proposals) if every else doubtful
    told = [] if every else [proposal for proposal in proposals if proposal.how in SURE]
    render.show("import_colonnes.html", lignes=[_line(each) for each in told], demandees=len(asked), toutes=every)
    pages = max(1, -(-len(asked) // PAGE))
    page = st.pagination(pages, key=f"import_pages_colonnes_{work.number}") if pages > 1 else 1
    shown = asked[(min(page, pages) - 1) * PAGE :][:PAGE]
    with st.form(f"import_colonnes_{work.number}", enter_to_submit=False, width=900):
        chosen = {proposal.column: _ask(work, proposal) for proposal in shown}
        defaults = _ask_defaults(work)
        sent = st.form_submit_button("Appliquer", type="primary" if asked else "secondary")
    if sent:
        _apply(work, chosen, defaults)


def _line(proposal: Proposal) -> dict[str, str]:
    return {
        "colonne": proposal.column,
        "cible": targets().get(proposal.target, "").replace("'", "’"),
        "pourquoi": proposal.how,
        "exemples": " · ".join(shorten(example, 40) for example in proposal.examples),
    }


def _ask(work: Work, proposal: Proposal) -> str:
    """Draw one column of the file and what it is read for; its own title stays out of the label, which is Markdown."""
    titles = {"": "Ne pas lire, garder à part", **targets()}
    rank = work.mapping.proposals.index(proposal)
    options = list(titles)
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        render.show("import_colonne.html", rang=rank + 1, **_line(proposal))
    with right:
        return st.selectbox(
            f"Colonne {rank + 1}, lue comme",
            options,
            options.index(proposal.target),
            format_func=lambda code: titles[code].replace("'", "’"),
            key=f"import_colonne_{work.number}_{rank}",
        )


def _ask_defaults(work: Work) -> dict[str, str]:
    """Draw what is written where the file says nothing."""
    render.show("groupe.html", titre="Là où le fichier ne dit rien", texte="Ces trois cases sont obligatoires.")
    with st.container(horizontal=True):
        return {
            target: st.selectbox(
                label,
                list(BY_COLUMN[target]),
                list(BY_COLUMN[target]).index(work.mapping.defaults[target]),
                format_func=BY_COLUMN[target].__getitem__,
                key=f"import_defaut_{work.number}_{target}",
                width=260,
            )
            for target, label in DEFAULTS.items()
        }


def _apply(work: Work, chosen: dict[str, str], defaults: dict[str, str]) -> None:
    try:
        mapping = import_work.remapped(work.mapping, chosen)
    except DataError as error:
        render.show("refus.html", texte=str(error))
        return
    for target, code in defaults.items():
        mapping = mapping.with_default(target, code)
    work.mapping = mapping
    with st.spinner("Nouvelle vérification…"):
        work.check()
    st.rerun()


def draw_source(work: Work) -> None:
    """Draw what the file is, so that each row can cite it."""
    known = work.provenance
    render.show("import_source.html", document=known.document)
    with st.form(f"import_source_{work.number}", enter_to_submit=False, width=900):
        title = st.text_input("Titre (obligatoire)", known.title, max_chars=200, key=f"import_titre_{work.number}")
        producer = st.text_input("Producteur", known.producer, max_chars=200, key=f"import_producteur_{work.number}")
        left, right = st.columns(2)
        date = left.text_input("Date du fichier", known.date, max_chars=20, key=f"import_date_{work.number}")
        licence = right.text_input("Licence", known.licence, max_chars=100, key=f"import_licence_{work.number}")
        sent = st.form_submit_button("Enregistrer la source", type="primary")
    if not sent:
        return
    try:
        work.provenance = import_work.sourced(known, title, producer, date, licence)
    except DataError as error:
        render.show("refus.html", texte=str(error))
        return
    work.check()
    notice.leave("annonce.html", place="importer", texte="Source enregistrée.")
    st.rerun()
