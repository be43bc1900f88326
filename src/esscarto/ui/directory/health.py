"""Health of the directory: what is complete, what is old, what is to decide."""

import datetime
import functools
import math
from functools import partial

import numpy as np
import streamlit as st

from esscarto import figures, health
from esscarto.access import Person
from esscarto.french import NBSP, fold, number, with_unit
from esscarto.health import AGES, DATES, REASONS, Coverage, Doubt, Twins
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import chooser, offer, render
from esscarto.ui.directory import actor_words
from esscarto.vocabulary import PRECISIONS

VIEWS = {"ensemble": "Vue d’ensemble", "verifier": "À vérifier", "doublons": "Doublons possibles"}
WHOLE = "Tout l’annuaire"
PAGE_SIZE = 20
COMPARED = (
    "nom",
    "aliases",
    "adresse",
    "commune",
    "siret",
    "telephone",
    "courriel",
    "site_web",
    "types",
    "description",
)
"""What tells two actors apart at a glance."""


def draw(site: Site, person: Person) -> None:
    """Draw this part of the page."""
    today = datetime.date.today()
    chosen = choose_territory(site, "sante_territoire")
    mask = health.scope(site, chosen)
    doubts = health.doubts(site, mask, today)
    twins = [pair for pair in _twins(site) if _touches(site, pair, mask)]
    render.show("sante_chiffres.html", chiffres=_headlines(site, mask, doubts, twins))
    totals = {"verifier": f" ({number(len(doubts))})", "doublons": f" ({number(len(twins))})"}
    view = st.segmented_control(
        "Vue",
        list(VIEWS),
        key="sante_vue",
        default="ensemble",
        required=True,
        format_func=lambda code: VIEWS[code] + totals.get(code, ""),
        label_visibility="collapsed",
    )
    if view == "verifier":
        _to_check(site, person, doubts, chosen, today)
    elif view == "doublons":
        _duplicates(site, person, twins)
    else:
        _overview(site, mask, chosen, today)


def choose_territory(site: Site, key: str, first: Territory | None = None) -> Territory | None:
    """Draw the choice of a PETR or an intercommunalité, ``first`` at first; None is the whole directory."""
    names = chooser.territories(site)
    local = [text for text in names if text.startswith(("petr:", "epci:"))]
    text = st.selectbox(
        "Territoire",
        ["", *local],
        local.index(str(first)) + 1 if str(first) in local else 0,
        key=key,
        format_func=lambda one: names[one] if one else WHOLE,
        width=420,
    )
    return Territory.parse(text) if text else None


@functools.lru_cache(maxsize=1)
def _twins(site: Site) -> list[Twins]:
    """Return the pairs of the whole directory: compared once, then only read."""
    return health.twins(site)


def _touches(site: Site, pair: Twins, mask: np.ndarray) -> bool:
    return any(mask[site.actors.frame.index.get_loc(actor)] for actor in (pair.left, pair.right))


def _headlines(site: Site, mask: np.ndarray, doubts: list[Doubt], twins: list[Twins]) -> list[tuple[str, int, str]]:
    total = int(np.count_nonzero(mask))
    points = sum(drawn.points for drawn in health.precisions(site, mask))
    declared = sum(any(code == "declare" for code, _ in doubt.reasons) for doubt in doubts)
    lost = len({(table, problem.line) for table, problem in health.left_out(site)})
    return [
        ("Fiches", total, f"dont {number(points)} avec un point sur la carte"),
        ("À vérifier", len(doubts), f"dont {number(declared)} notées ainsi dans leur fiche"),
        ("Doublons possibles", len(twins), "à comparer, deux par deux"),
        ("Lignes laissées de côté", lost, "dans tous les tableaux, faute de suivre leur schéma"),
    ]


def _overview(site: Site, mask: np.ndarray, territory: Territory | None, today: datetime.date) -> None:
    total = int(np.count_nonzero(mask))
    render.show(
        "sante.html",
        total=total,
        champs=[
            {
                "titre": line.watched.title,
                "remplis": line.filled,
                "sur": line.applicable,
                "part": _percent(line.share),
                "barre": 0 if math.isnan(line.share) else round(line.share, 1),
                "sans_objet": line.pointless,
                "pourquoi": line.watched.unless,
            }
            for line in health.completeness(site, mask)
        ],
        precisions=[
            {
                "titre": PRECISIONS[line.precision],
                "total": line.total,
                "points": line.points,
                "part": _percent(100 * line.total / total if total else math.nan),
                "barre": round(100 * line.total / total, 1) if total else 0,
            }
            for line in health.precisions(site, mask)
        ],
        ages=AGES,
        dates=[(DATES[column], counts) for column, counts in health.ages(site, mask, today).items()],
        couverture=[_covered(site, line) for line in health.coverage(site, territory)],
        problemes=[(table, str(problem)) for table, problem in health.left_out(site)],
        jour=today.isoformat(),
    )


def _percent(share: float) -> str:
    """Say a percentage; one that is nearly nothing is not nothing."""
    return f"moins de 1{NBSP}%" if 0 < share < 0.5 else with_unit(share, "%")


def _covered(site: Site, line: Coverage) -> dict[str, str]:
    """Say the coverage of one territory; a share only against a figure that the source prints exactly."""
    row = line.published
    published = figures.say(row) if row else figures.NOT_GIVEN
    exact = row is not None and row["qualite"] == "exact" and row["valeur"]
    share = 100 * line.known / float(row["valeur"]) if row and exact else math.nan
    return {
        "nom": site.territories.name(line.territory),
        "connus": number(line.known),
        "publies": published,
        "annee": figures.year(row) if row and published != figures.NOT_GIVEN else "",
        "source": " ; ".join(f"{document}, lignes {lines}" for document, lines in site.cite(row["source"]))
        if row
        else "",
        "rapport": with_unit(share, "%"),
    }


def _to_check(
    site: Site, person: Person, doubts: list[Doubt], territory: Territory | None, today: datetime.date
) -> None:
    present = [code for code in REASONS if any(code == one for doubt in doubts for one, _ in doubt.reasons)]
    reason = st.selectbox(
        "Motif",
        ["", *present],
        key="sante_motif",
        format_func=lambda code: REASONS[code] if code else "Tous les motifs",
        width=420,
    )
    kept = [doubt for doubt in doubts if not reason or any(code == reason for code, _ in doubt.reasons)]
    pages = max(1, math.ceil(len(kept) / PAGE_SIZE))
    page = st.pagination(pages, key=f"sante_page_{territory}_{reason}") if pages > 1 else 1
    render.show(
        "a_verifier.html",
        total=len(kept),
        page=page,
        pages=pages,
        lignes=kept[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        motifs=REASONS,
        editeur=person.may_edit,
    )
    _exports(site, kept, territory, today)


def _exports(site: Site, doubts: list[Doubt], territory: Territory | None, today: datetime.date) -> None:
    where = site.territories.name(territory) if territory else WHOLE
    name = f"esscarto-a-verifier-{fold(where).replace(' ', '-')}-{today.isoformat()}"
    kinds = (("Exporter en Excel", "xlsx", offer.EXCEL), ("CSV", "csv", "text/csv"))
    files = (
        offer.File(
            label,
            f"{name}.{extension}",
            mime,
            partial(_file, site, doubts, where, today, extension),
            disabled=not doubts,
        )
        for label, extension, mime in kinds
    )
    offer.row("sante_fichier", files)


def _file(site: Site, doubts: list[Doubt], where: str, today: datetime.date, extension: str) -> bytes:
    from esscarto.documents import to_check

    return to_check.to_csv(site, doubts) if extension == "csv" else to_check.to_xlsx(site, doubts, where, today)


def _duplicates(site: Site, person: Person, twins: list[Twins]) -> None:
    frame = site.actors.frame
    render.show(
        "doublons.html",
        editeur=person.may_edit,
        paires=[
            {
                "gauche": pair.left,
                "droite": pair.right,
                "nom_gauche": frame.at[pair.left, "nom"],
                "nom_droite": frame.at[pair.right, "nom"],
                "raison": pair.reason,
                "lignes": [
                    (actor_words.title(column), *(actor_words.say(site, column, cell) for cell in (one, other)))
                    for column, one, other in pair.sides
                    if column in COMPARED
                ],
            }
            for pair in twins
        ],
    )
