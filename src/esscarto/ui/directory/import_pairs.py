"""Lines that look like an actor or like one another, side by side, and what a person decides of each."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from esscarto.french import count
from esscarto.importing.duplicates import Pair
from esscarto.importing.report import DECISIONS, Decision
from esscarto.publishing import completion
from esscarto.ui import render
from esscarto.ui.directory.actor_words import say, title
from esscarto.ui.directory.import_work import Work

PAGE = 5
WAITING = "attendre"
WORDS: dict[str, str] = {WAITING: "Pas encore décidé"} | {str(code): words for code, words in DECISIONS.items()}


def draw(work: Work) -> None:
    """Draw the pairs a page at a time, those that wait first."""
    pairs = work.report.duplicates
    render.show("import_doublons.html", total=len(pairs), attend=work.report.counts.duplicates)
    if not pairs:
        return
    _decide_many(work)
    only_waiting = st.toggle("Montrer seulement ceux qui attendent", key=f"import_attend_{work.number}")
    shown = [pair for pair in pairs if not (only_waiting and pair.line in work.decisions)]
    pages = max(1, -(-len(shown) // PAGE))
    page = st.pagination(pages, key=f"import_page_doublons_{work.number}_{pages}") if pages > 1 else 1
    with st.form(f"import_doublons_{work.number}_{page}", enter_to_submit=False, border=False):
        chosen = {pair.line: _ask(work, pair) for pair in shown[(page - 1) * PAGE :][:PAGE]}
        sent = st.form_submit_button("Enregistrer ces décisions", type="primary", disabled=not chosen)
    if sent:
        for line, code in chosen.items():
            _decide(work, line, code)
        _check_again(work)


def _decide_many(work: Work) -> None:
    """Draw one decision for all the pairs of one reason that wait."""
    waiting = work.report.undecided()
    reasons = Counter(pair.reason for pair in waiting)
    if len(waiting) < 2:
        return
    # Another number of pairs is another choice: nothing is chosen beforehand.
    key = f"{work.number}_{len(waiting)}"
    with st.container(border=True):
        render.show("groupe.html", titre="Décider de plusieurs à la fois")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            reason = st.selectbox(
                "Doublons qui attendent",
                ["", *reasons],
                format_func=lambda text: f"{text or 'tous'} ({reasons[text] if text else len(waiting)})",
                key=f"import_raison_{key}",
                width=420,
            )
            code = st.selectbox(
                "Décision",
                list(DECISIONS),
                None,
                format_func=DECISIONS.__getitem__,
                placeholder="Choisissez une décision",
                key=f"import_decision_{key}",
                width=320,
            )
            meant = [pair for pair in waiting if not reason or pair.reason == reason]
            # Two lines of one file have no actor yet that one could complete.
            meant = [pair for pair in meant if pair.actor or code != "completer"]
            label = f"Décider de {count(len(meant), 'doublon')}"
            sent = st.button(label, disabled=not (code and meant), key=f"import_decider_{work.number}")
    if sent and code:
        for pair in meant:
            _decide(work, pair.line, code)
        _check_again(work)


def _ask(work: Work, pair: Pair) -> str:
    unit = work.report.table.unit
    other = f"{unit} {pair.other_line}" if pair.other_line else "annuaire"
    lines = _sides(work, pair)
    filled = [line["titre"] for line in lines if line["complete"]]
    render.show("import_doublon.html", paire=pair, unite=unit, autre=other, lignes=lines)
    offered = [code for code in WORDS if pair.actor or code != "completer"]
    known = work.decisions.get(pair.line, WAITING)
    return st.radio(
        f"Décision pour la {unit} {pair.line}",
        offered,
        offered.index(known) if known in offered else 0,
        format_func=lambda code: WORDS[code] + (f" ({len(filled)})" if code == "completer" else ""),
        key=f"import_paire_{work.number}_{pair.line}_{known}",
        horizontal=True,
    )


def _sides(work: Work, pair: Pair) -> Sequence[dict[str, str | bool]]:
    filled = completion(pair.right, pair.left) if pair.actor else {}
    return [
        {
            "titre": title(column),
            "fichier": say(work.site, column, left),
            "connu": say(work.site, column, right),
            "difference": _difference(left, right),
            "complete": column in filled,
        }
        for column, left, right in pair.sides()
    ]


def _difference(left: str, right: str) -> str:
    if left == right:
        return "identique"
    if not left:
        return "absent du fichier"
    return "différent" if right else "vide en face"


def _decide(work: Work, line: int, code: str) -> None:
    decisions: dict[str, Decision] = {known: known for known in DECISIONS}
    if code in decisions:
        work.decisions[line] = decisions[code]
    else:
        work.decisions.pop(line, None)


def _check_again(work: Work) -> None:
    with st.spinner("Nouvelle vérification…"):
        work.check()
    st.rerun()
