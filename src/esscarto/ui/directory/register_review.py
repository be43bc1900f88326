"""The proposals of a register, a page at a time: what is ticked is kept until it is written."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from esscarto.adoption import Choice, adopt
from esscarto.errors import DataError
from esscarto.french import count, enumerate_words, fold, number
from esscarto.registers.proposal_file import Wanted, left
from esscarto.registers.proposing import Kind, Proposal, describe
from esscarto.registers.provenance import Origin, origin_of, read_origins
from esscarto.registers.remembering import Compared
from esscarto.site import Site
from esscarto.ui import access, cache, render, state
from esscarto.ui.directory import notice
from esscarto.ui.directory.actor_words import say, title
from esscarto.vocabulary import STATUTS

PLACE = "registre_ecrit"
PER_PAGE = 10
TITLES: dict[Kind, str] = {
    "nouveau": "Absents de l’annuaire",
    "modifie": "Disent autre chose, ou plus",
    "disparu": "Plus dans le registre",
}
NOTHING: dict[Kind, str] = {
    "nouveau": "Tous les établissements lus sont dans l’annuaire.",
    "modifie": "Le registre ne dit rien de plus, ni rien d’autre, que l’annuaire.",
    "disparu": "Aucun acteur de l’annuaire n’a disparu de ce registre.",
}
PLACE_FIELDS = ("adresse", "code_insee")
"""Fields whose point is that of the value which they had."""
_CITED = re.compile(r"[0-9]{3}:[0-9]")

Ticked = dict[tuple[str, Kind, str], tuple[str, ...]]
"""Register, kind and key of a proposal -> the fields that are taken of it; none of what is taken whole."""


@dataclass(frozen=True)
class Worked:
    """What there is to decide, for one state of the directory."""

    proposals: tuple[Proposal, ...]
    rows: Mapping[str, Mapping[str, str]]
    origins: Sequence[Origin]
    lost: int = 0
    of: tuple[object, ...] = field(default=())

    @property
    def is_mixed(self) -> bool:
        """Whether some proposals were made before and some were not: at a first reading everything is new."""
        return len({each.already_seen for each in self.proposals}) > 1


def draw(site: Site, compared: Compared, wanted: Wanted | None) -> None:
    """Draw what is to decide of a reading, or of the lines of it that are left in a file."""
    work = _work(site, compared, wanted)
    reading = compared.reading
    render.show(
        "registre_lecture.html",
        registre=reading.register,
        jour=reading.day,
        total=len(reading.rows),
        ecartes=enumerate_words(f"{number(many)} {why}" for why, many in reading.left_out.most_common()),
        perdues=work.lost,
    )
    kinds = {kind: [each for each in work.proposals if each.kind == kind] for kind in TITLES}
    kind = st.segmented_control(
        "Ce qui est proposé",
        list(kinds),
        key="registre_sorte",
        default="nouveau",
        format_func=lambda one: f"{TITLES[one]} ({number(len(kinds[one]))})",
        required=True,
    )
    shown = kinds[kind]
    fresh = [each for each in shown if not each.already_seen]
    if 0 < len(fresh) < len(shown) and st.toggle(
        f"Seulement depuis la lecture d’avant ({number(len(fresh))})", key="registre_neufs"
    ):
        shown = fresh
    if shown:
        _draw_list(site, work, kind, shown)
    else:
        render.show("registre_vide.html", texte=NOTHING[kind])
    # Where the button was: the eye is there.
    notice.show(PLACE)


def _work(site: Site, compared: Compared, wanted: Wanted | None) -> Worked:
    """Compare again only when the directory, the reading or the file has changed."""
    key = (site, compared, wanted)
    known: Worked | None = state.kept("registre_travail")
    if known is None or any(mine is not other for mine, other in zip(known.of, key, strict=True)):
        directory = cache.store().read("actors").rows
        found, lost = compared.proposals(directory), 0
        if wanted:
            found = left(found, wanted)
            lost = len(wanted.lines) - sum(max(len(each.fields), 1) for each in found)
        concerned = {name for each in found for name in (each.actor, *each.perhaps)}
        rows = directory[directory["id"].isin(concerned)].to_dict("records")
        known = Worked(found, {row["id"]: row for row in rows}, read_origins(cache.store()), lost, key)
        state.keep("registre_travail", known)
    return known


# ---- the list


def _draw_list(site: Site, work: Worked, kind: Kind, shown: Sequence[Proposal]) -> None:
    generation, ticked = _ticked()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        everything = _everything(shown)
        label = "Cocher ce qui complète" if kind == "modifie" else "Tout cocher"
        st.button(
            f"{label} ({count(len(everything), 'fiche')})",
            on_click=_tick,
            args=({**ticked, **everything},),
            disabled=not everything,
            key="registre_tout",
        )
        without = {key: fields for key, fields in ticked.items() if key not in {_key(each) for each in shown}}
        st.button("Tout décocher", on_click=_tick, args=(without,), disabled=without == ticked, key="registre_rien")
        pages = math.ceil(len(shown) / PER_PAGE)
        page = min(st.pagination(pages, key=f"registre_page_{kind}"), pages) if pages > 1 else 1
    ranked = list(enumerate(shown, start=1))[(page - 1) * PER_PAGE : page * PER_PAGE]
    for rank, each in ranked:
        render.show("registre_fiche.html", rang=rank, fiche=_sheet(site, work, each))
        taken = _choose(each, rank, generation, ticked.get(_key(each)))
        ticked.pop(_key(each), None)
        if taken is not None:
            ticked[_key(each)] = taken
    state.keep("registre_coches", (generation, ticked))
    chosen: list[Choice] = [(each, ticked[_key(each)]) for each in shown if _key(each) in ticked]
    if st.button(
        _label(kind, chosen), type="primary", disabled=not chosen, icon=":material/save:", key="registre_ecrire"
    ):
        _write(chosen)


def _choose(proposal: Proposal, rank: int, generation: int, known: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Draw what decides of a proposal, and return the fields taken; None when nothing is."""
    # A widget keeps what was done with it: ticking everything draws new ones.
    key = f"registre_{generation}_{'_'.join(_key(proposal))}"
    if proposal.kind == "modifie":
        fields = [each.field for each in proposal.fields]
        taken = st.pills(
            f"Valeurs à prendre pour la fiche {rank}",
            fields,
            selection_mode="multi",
            default=[name for name in known or () if name in fields],
            format_func=title,
            key=key,
        )
        return tuple(taken) or None
    words = f"Ajouter la fiche {rank}" if proposal.kind == "nouveau" else f"Mettre la fiche {rank} à vérifier"
    return (
        tuple(each.field for each in proposal.fields) if st.checkbox(words, value=known is not None, key=key) else None
    )


def _key(proposal: Proposal) -> tuple[str, Kind, str]:
    return proposal.register.key, proposal.kind, proposal.key


def _ticked() -> tuple[int, Ticked]:
    generation, ticked = state.kept("registre_coches") or (0, {})
    return generation, dict(ticked)


def _tick(ticked: Ticked) -> None:
    state.keep("registre_coches", (_ticked()[0] + 1, ticked))


def _everything(shown: Sequence[Proposal]) -> Ticked:
    """Return what can be ticked at once: never a value that replaces one of the directory."""
    found: Ticked = {}
    for each in shown:
        fields = each.completing if each.kind == "modifie" else tuple(one.field for one in each.fields)
        if fields or each.kind == "nouveau":
            found[_key(each)] = fields
    return found


def _label(kind: Kind, chosen: Sequence[Choice]) -> str:
    if not chosen:
        return "Enregistrer"
    if kind == "nouveau":
        return f"Ajouter {count(len(chosen), 'fiche')} à l’annuaire"
    if kind == "disparu":
        return f"Mettre {count(len(chosen), 'fiche')} à vérifier"
    values = sum(len(fields) for _, fields in chosen)
    return f"Enregistrer {count(values, 'valeur')} dans {count(len(chosen), 'fiche')}"


def _write(chosen: Sequence[Choice]) -> None:
    """Write what is ticked with its record, all of it or nothing, then draw the page again."""
    try:
        done = adopt(cache.store(), chosen, role=access.must_edit().role)
    except DataError as error:
        notice.leave("refus.html", place=PLACE, texte=f"{error} Rien n’a été écrit.")
        state.keep("registre_travail", None)
    else:
        said = f"{count(len(done), 'fiche enregistrée', 'fiches enregistrées')} dans l’annuaire"
        notice.leave("ecrit.html", place=PLACE, texte=said)
        gone = {_key(each) for each, _ in chosen}
        _tick({key: fields for key, fields in _ticked()[1].items() if key not in gone})
    cache.reread()
    st.rerun()


# ---- in words


def _sheet(site: Site, work: Worked, proposal: Proposal) -> dict[str, object]:
    row, known = proposal.row, work.rows.get(proposal.actor)
    where = known or row
    details = [say(site, name, row[name]) for name in ("famille", "types", "tranche_effectif") if row.get(name)]
    return {
        "id": proposal.actor,
        "nom": where["nom"],
        "autre_nom": row["nom"] if known and fold(row["nom"]) != fold(known["nom"]) else "",
        "lieu": " ".join(filter(None, (where["adresse"], where["code_postal"], where["commune"])))
        or "lieu non imprimé",
        "details": " · ".join(details) if proposal.kind == "nouveau" else "",
        "source": f"SIRET {row['siret']}" if row["siret"] else f"ligne {row['source'].partition(':')[2]}",
        "date": row.get("statut_date", ""),
        "neuf": work.is_mixed and not proposal.already_seen,
        "absent": row.get("absent_depuis", "") if proposal.kind == "disparu" else "",
        "etat": STATUTS[known["statut"]] if known else "",
        "peut_etre": [
            {"id": name, "nom": other["nom"], "lieu": other["commune"] or "lieu non imprimé"}
            for name in proposal.perhaps
            if (other := work.rows.get(name))
        ],
        "champs": _fields(site, work, proposal) if proposal.kind == "modifie" else [],
    }


def _fields(site: Site, work: Worked, proposal: Proposal) -> list[dict[str, str]]:
    known = work.rows[proposal.actor]
    origins = origin_of(known, work.origins)
    return [
        {
            "titre": title(each.field),
            "annuaire": say(site, each.field, each.kept),
            "origine": _origin(site, origins.get(each.field, "")),
            "registre": say(site, each.field, each.proposed),
            "avant": say(site, each.field, each.before) if each.before and each.is_news else "",
            "effet": _effect(describe(each), bool(each.kept and known["longitude"]) and each.field in PLACE_FIELDS),
        }
        for each in proposal.fields
    ]


def _origin(site: Site, source: str) -> str:
    """Say where a value comes from; a place has its source in words already."""
    if not _CITED.match(source):
        return source or "n. d."
    return " ; ".join(", ".join(filter(None, (document, lines))) for document, lines in site.cite(source))


def _effect(words: str, loses_point: bool) -> str:
    more = " ; si vous la prenez, le point sera à chercher de nouveau" if loses_point else ""
    return words[:1].upper() + words[1:] + more
