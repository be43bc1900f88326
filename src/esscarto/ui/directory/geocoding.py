"""Give a point to the addresses of the directory: search outside the page, then choose what is written."""

import math
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from esscarto import journal
from esscarto.access import Person
from esscarto.errors import DataError
from esscarto.french import count, fold, number
from esscarto.jobs import Tell
from esscarto.placing import POINTS, Lookup, choosable, corrections, look_up, search, wanting
from esscarto.site import Site
from esscarto.storage.geocode_cache import Found, GeocodeCache
from esscarto.storage.geocoding import geocoder
from esscarto.ui import access, cache, render, state
from esscarto.ui.directory import notice, waiting
from esscarto.vocabulary import PRECISIONS, STATUTS

JOB = "situer"
ACCEPTED, CHOSEN = "situer_points", "situer_choix"
"""Places of the page that say what came of a writing."""
PER_PAGE, CHOICES_PER_PAGE, MOST_LEFT = 25, 5, 50
KEPT = (
    "Les réponses reçues sont gardées, le point de la commune reste. Une nouvelle recherche reprend où celle-ci en est."
)
REASON = "Point trouvé par le géocodeur de la Géoplateforme (Base Adresse Nationale)"


def draw(site: Site, person: Person) -> None:  # noqa: ARG001 - asked again when it writes
    """Draw this part of the page."""
    lookups = _lookups(site)
    accepted = [each for each in lookups if each.is_accepted]
    doubtful = [each for each in lookups if each.decision == "a_revoir"]
    pending = [each for each in lookups if each.decision == "non_cherche"]
    left = [each for each in lookups if each.decision in ("commune", "sans_objet")]
    counts = {"Pas encore cherchées": pending, "Points proposés": accepted, "À revoir": doubtful, "Sans réponse": left}
    render.show(
        "situer.html",
        total=len(lookups),
        refutes=sum(bool(each.row["longitude"]) for each in lookups),
        comptes=[(words, len(some)) for words, some in counts.items()],
        gardees=len(cache.answers()),
    )
    if pending:
        asked = {tuple(fold(each.row[name]) for name in ("adresse", "code_postal", "commune")) for each in pending}
        lines = [_line(each) for each in pending[:MOST_LEFT]]
        render.show("situer_a_chercher.html", total=len(pending), adresses=len(asked), lignes=lines)
    running = waiting.show(JOB, "Recherche des adresses", KEPT)
    if not running and len(lookups) > sum(each.decision == "sans_objet" for each in lookups):
        st.button(
            "Chercher les adresses",
            key="situer_chercher",
            icon=":material/travel_explore:",
            type="primary" if pending else "secondary",
            on_click=_start,
            args=(site,),
        )
    if accepted:
        _draw_accepted(site, accepted)
    # Where the button was: the eye is there.
    notice.show(ACCEPTED)
    if doubtful:
        _draw_doubtful(site, doubtful)
    notice.show(CHOSEN)
    if left:
        render.show("situer_restent.html", total=len(left), lignes=[_line(each) for each in left[:MOST_LEFT]])


def _lookups(site: Site) -> list[Lookup]:
    """Return what is known of the actors to place, compared again when the directory or the answers have changed."""
    answers = cache.answers()
    known = state.kept(JOB)
    if not known or known[0] is not site or known[1] is not answers:
        known = (site, answers, look_up(_wanted(site), site.territories, answers))
        state.keep(JOB, known)
    found: list[Lookup] = known[2]
    return found


def _wanted(site: Site) -> pd.DataFrame:
    refuted = {finding.actor for finding in site.actors.findings if finding.kind == "ecart_commune"}
    return wanting(cache.store().read(journal.ACTORS).rows, refuted)


def _start(site: Site) -> None:
    """Start the search in its own thread; a second click finds the one that runs."""
    if not access.person().may_edit:
        return  # the page is drawn again, and says why
    wanted, path = _wanted(site), cache.answers().path

    def work(tell: Tell) -> None:
        with geocoder() as service:
            search(wanted, site.territories, GeocodeCache(path), service, tell)

    cache.jobs().start(JOB, work)


# ---- what is proposed


def _draw_accepted(site: Site, accepted: Sequence[Lookup]) -> None:
    pages = math.ceil(len(accepted) / PER_PAGE)
    head = st.container()
    page = min(st.pagination(pages, key="situer_page"), pages) if pages > 1 else 1
    shown = accepted[(page - 1) * PER_PAGE : page * PER_PAGE]
    with head:
        lines = [_line(each) for each in shown]
        render.show("situer_points.html", total=len(accepted), page=page, pages=pages, lignes=lines)
    names = {each.actor: each.row["nom"] for each in accepted}
    aside = st.multiselect(
        "Laisser de côté",
        list(names),
        format_func=lambda actor: names.get(actor, actor),
        placeholder="Aucune fiche",
        key="situer_ecartes",
    )
    taken = [(each, each.found) for each in accepted if each.actor not in aside and each.found]
    label = f"Enregistrer {count(len(taken), 'point')}"
    if st.button(label, type="primary", disabled=not taken, icon=":material/save:", key="situer_enregistrer"):
        _save(site, taken, ACCEPTED)


def _draw_doubtful(site: Site, doubtful: Sequence[Lookup]) -> None:
    render.show("situer_a_revoir.html")
    pages = math.ceil(len(doubtful) / CHOICES_PER_PAGE)
    page = min(st.pagination(pages, key="situer_page_revoir"), pages) if pages > 1 else 1
    chosen: dict[str, Found] = state.kept(CHOSEN) or {}
    for rank, each in enumerate(doubtful, start=1):
        if (page - 1) * CHOICES_PER_PAGE < rank <= page * CHOICES_PER_PAGE:
            render.show("situer_choix.html", rang=rank, ligne=_line(each))
            options = [found for found in each.candidates if choosable(found, site.territories)]
            if not options:
                continue
            # By rank, 0 for none of them: an option that is None would be one to clear.
            choice = st.selectbox(
                f"Lieu retenu pour la fiche {rank}",
                range(len(options) + 1),
                index=options.index(chosen[each.actor]) + 1 if chosen.get(each.actor) in options else 0,
                format_func=_says(site, each, options),
                key=f"situer_lieu_{each.actor}",
            )
            chosen = {actor: found for actor, found in chosen.items() if actor != each.actor}
            chosen |= {each.actor: options[choice - 1]} if choice else {}
    state.keep(CHOSEN, chosen)
    taken = [(each, chosen[each.actor]) for each in doubtful if each.actor in chosen]
    label = f"Enregistrer {count(len(taken), 'choix', 'choix')}" if taken else "Enregistrer les choix"
    if st.button(label, type="primary", disabled=not taken, icon=":material/save:", key="situer_enregistrer_choix"):
        state.keep(CHOSEN, None)
        _save(site, taken, CHOSEN)


def _says(site: Site, lookup: Lookup, options: Sequence[Found]) -> Callable[[int], str]:
    """Return what names a candidate, and what taking it would also change."""

    def say(choice: int) -> str:
        if not choice:
            return "Décider plus tard (point de la commune)"
        found = options[choice - 1]
        code = site.territories.current_commune(found.code_insee)
        elsewhere = code != site.territories.current_commune(lookup.row["code_insee"])
        moved = " · change la commune de la fiche" if elsewhere and lookup.row["code_insee"] else ""
        level = "lieu-dit" if found.type == "locality" else PRECISIONS[POINTS[found.type]].lower()
        return f"{found.label} · {level} · score {number(found.score, 2)}{moved}"

    return say


def _save(site: Site, taken: Sequence[tuple[Lookup, Found]], place: str) -> None:
    """Write the points with their record, all of them or none, then draw the page again."""
    try:
        edits = corrections(taken, site.territories)
        done = journal.record(cache.store(), edits, role=access.must_edit().role, reason=REASON)
    except DataError as error:
        notice.leave("refus.html", place=place, texte=f"{error} Rien n’a été écrit.")
        state.keep(JOB, None)
    else:
        said = f"{count(len(done), 'point enregistré', 'points enregistrés')}"
        notice.leave("ecrit.html", place=place, texte=said)
    cache.reread()
    st.rerun()


def _line(lookup: Lookup) -> dict[str, object]:
    row, found = lookup.row, lookup.found
    refuted = " (point hors de la commune)" if row["longitude"] else ""
    return {
        "id": lookup.actor,
        "nom": row["nom"],
        "adresse": " ".join(filter(None, (row["adresse"], row["code_postal"], row["commune"]))),
        "avant": PRECISIONS[row["precision"]] + refuted,
        "apres": PRECISIONS[lookup.decision] if lookup.is_accepted else "",
        "trouvee": found.label if found else "",
        "score": found.score if found else None,
        "date": lookup.date,
        "etat": STATUTS[row["statut"]] if row["statut"] != "actif" else "",
        "motif": lookup.why or "commune hors des couches de la carte, ou non imprimée",
    }
