"""What was found in a file: by kind, then line by line, with what can be accepted or corrected at once."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import streamlit as st

from esscarto.french import count
from esscarto.importing.findings import LEVELS, Finding, shorten
from esscarto.ui import render
from esscarto.ui.directory.import_work import Work

PAGE = 20
VIEWS = {"sortes": "Par sorte", "lignes": "Ligne à ligne"}
EVERY = "\0"
"""In a filter, no choice: a text that is the title of no column."""

Kind = list[Finding]
"""The findings of one column with the same problem, in the order of the lines."""
Item = TypeVar("Item")


def draw(work: Work) -> None:
    """Draw the problems of one kind, a page at a time, and what mends them."""
    report, number = work.report, work.number
    sorts = kinds(report.findings)
    render.show(
        "import_problemes.html",
        total=len(report.findings),
        sortes=len(sorts),
        modifications=report.changes,
        travail=work,
    )
    if work.edits:
        said = f"Retirer mes corrections ({count(len(work.edits), 'case')})"
        if st.button(said, key=f"import_sans_corrections_{number}"):
            work.edits.clear()
            _check_again(work)
    if not sorts:
        return
    _accept_all(work)
    level, column, view = _choose(work)
    if view == "sortes":
        shown = _page(work, [kind for kind in sorts if _wanted(kind[0], level, column)])
        render.show("import_sortes.html", sortes=shown, unite=report.table.unit, gravites=LEVELS)
        _accept(work, shown)
    else:
        found = [finding for finding in report.findings if _wanted(finding, level, column)]
        lines = _page(work, found)
        render.show("import_lignes.html", lignes=lines, total=len(found), unite=report.table.unit, gravites=LEVELS)
        _accept(work, [[finding] for finding in lines])
        _correct(work, lines)


def kinds(findings: Iterable[Finding]) -> list[Kind]:
    """Return the findings by level, column and problem, those that hold a line back first."""
    found: dict[tuple[str, str, str], Kind] = {}
    for finding in findings:
        found.setdefault((finding.fault.level, finding.column, finding.fault.problem), []).append(finding)
    ranks = list(LEVELS)
    return sorted(found.values(), key=lambda kind: ranks.index(kind[0].fault.level))


def _choose(work: Work) -> tuple[str, str, str]:
    """Draw the filters, and return the level, the column and the view that are wanted."""
    number = work.number
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = st.selectbox(
            "Gravité",
            [EVERY, *LEVELS],
            format_func=lambda code: LEVELS.get(code, "toutes").capitalize(),
            key=f"import_gravite_{number}",
            width=200,
        )
        column = st.selectbox(
            "Colonne",
            [EVERY, *dict.fromkeys(finding.column for finding in work.report.findings)],
            format_func=lambda name: "Toutes" if name == EVERY else name or "Ligne entière",
            key=f"import_filtre_colonne_{number}",
            width=280,
        )
        view = st.segmented_control(
            "Présentation",
            list(VIEWS),
            default="sortes",
            format_func=VIEWS.__getitem__,
            key=f"import_vue_{number}",
            required=True,
        )
    return level, column, view


def _wanted(finding: Finding, level: str, column: str) -> bool:
    return level in (EVERY, finding.fault.level) and column in (EVERY, finding.column)


def _page(work: Work, items: Sequence[Item]) -> Sequence[Item]:
    pages = max(1, -(-len(items) // PAGE))
    page = st.pagination(pages, key=f"import_page_problemes_{work.number}_{pages}") if pages > 1 else 1
    return items[(page - 1) * PAGE :][:PAGE]


def _accept_all(work: Work) -> None:
    """Draw the two ways of accepting suggestions together."""
    sure, every = work.report.suggestions(), work.report.suggestions(only_sure=False)
    with st.container(horizontal=True):
        if sure and st.button(
            f"Accepter {count(len(sure), 'suggestion confirmée', 'suggestions confirmées')}",
            key="import_accepter_sures",
            type="primary",
        ):
            work.edits |= sure
            _check_again(work)
        if len(every) > len(sure) and st.button(
            f"Accepter {count(len(every), 'suggestion')}, même non confirmées", key="import_accepter_toutes"
        ):
            work.edits |= every
            _check_again(work)


def _accept(work: Work, shown: Sequence[Kind]) -> None:
    """Draw the form that accepts some suggestions of the page."""
    offered = [[finding for finding in kind if _is_suggested(finding)] for kind in shown]
    offered = [kind for kind in offered if kind]
    if not offered:
        return
    with st.form(f"import_accepter_{work.number}", border=False, clear_on_submit=True):
        taken = st.multiselect(
            "Suggestions à accepter, parmi celles de cette page",
            range(len(offered)),
            format_func=lambda rank: _said(offered[rank], offered[rank][0].proposal),
            placeholder="Choisissez une ou plusieurs suggestions",
        )
        sent = st.form_submit_button("Accepter ces suggestions")
    if sent and taken:
        for finding in (finding for rank in taken for finding in offered[rank]):
            work.edits[finding.line, finding.target] = finding.fault.suggestion or ""
        _check_again(work)


def _correct(work: Work, shown: Sequence[Finding]) -> None:
    """Draw the form that corrects a cell by hand."""
    offered = [finding for finding in shown if finding.target]
    if not offered:
        return
    with st.form(f"import_corriger_{work.number}", border=False, clear_on_submit=True):
        rank = st.selectbox(
            "Case à corriger vous-même, parmi celles de cette page",
            range(len(offered)),
            None,
            format_func=lambda rank: _said([offered[rank]], offered[rank].fault.problem),
            placeholder="Choisissez un problème",
        )
        text = st.text_input("Lire à la place (vide : laisser la case vide)", max_chars=500)
        sent = st.form_submit_button("Corriger")
    if sent and rank is not None:
        work.edits[offered[rank].line, offered[rank].target] = text
        _check_again(work)


def _is_suggested(finding: Finding) -> bool:
    return bool(finding.target) and finding.fault.suggestion is not None


def _said(kind: Kind, rest: str) -> str:
    first = kind[0]
    more = f" (et {count(len(kind) - 1, 'autre ligne', 'autres lignes')})" if len(kind) > 1 else ""
    return f"{first.line}, {first.column} « {shorten(first.value, 40)} » : {rest}{more}"


def _check_again(work: Work) -> None:
    with st.spinner("Nouvelle vérification…"):
        work.check()
    st.rerun()
