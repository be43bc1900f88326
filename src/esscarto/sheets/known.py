"""What the directory knows of a territory: actors, the nearest of each missing theme, employers, relations."""

from collections import Counter

import numpy as np

from esscarto.figures import amount
from esscarto.french import sort_key
from esscarto.proximity import nearest
from esscarto.schema import LIST_SEPARATOR
from esscarto.sheets.model import Actor, Cites, Employers, Known, Near, Relation
from esscarto.sheets.plan import BELOW_PETR
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.vocabulary import CATEGORIES, STATUTS, THEMES, TRANCHES, TYPES, tranche_label

HEADCOUNT = "tranche_effectif_etablissement"
FAR_KM = 100.0
"""Beyond it a nearest actor helps nobody: the theme is said to have none within reach."""
KINDS = {"accompagnement": "accompagnement", "non_imprime": "statut ESS non imprimé"}
"""Link to the ESS -> how it is said of one who helps and is not counted."""


def known(site: Site, territory: Territory) -> Known:
    """Return what the directory knows of a territory, at any precision; the lists follow the names."""
    inside = site.actors.inside(territory)
    positions = sorted(np.flatnonzero(inside).tolist(), key=lambda at: sort_key(site.rows[at]["nom"]))
    rows = [site.rows[at] for at in positions]
    themes = Counter(code for row in rows for code in _codes(row["themes"]))
    types = Counter(code for row in rows for code in _codes(row["types"]))
    families = Counter(site.categories[at] for at in positions)
    near, far = _near(site, territory, inside) if territory.level in BELOW_PETR else ((), ())
    return Known(
        total=len(rows),
        counted=int(np.count_nonzero(inside & site.actors.counted)),
        families=tuple((code, CATEGORIES[code], families[code]) for code in CATEGORIES if families[code]),
        types=tuple((TYPES[code], number) for code, number in types.most_common()),
        themes=tuple((THEMES[code], number) for code, number in themes.most_common()),
        actors=tuple(actor(site, at) for at in positions),
        near=near,
        counted_near=_counted_near(site, territory, near[0])
        if near and not (inside & site.actors.counted).any()
        else None,
        far=far,
        employers=_employers(site, inside),
        projects=tuple(actor(site, at) for at in positions if site.rows[at]["statut"] == "projet"),
        relations=_relations(site, list(dict.fromkeys(row["organisation"] for row in rows))),
        wider=_wider(site, territory),
        practices=tuple((sheet["id"], sheet["titre"]) for sheet in practices(site, territory)),
    )


def actor(site: Site, at: int) -> Actor:
    """Return the actor at a position, as a list shows it."""
    row = site.rows[at]
    return Actor(
        id=row["id"],
        name=row["nom"],
        category=site.categories[at],
        types=", ".join(TYPES.get(code, code) for code in _codes(row["types"])),
        place=site.places[at],
        state="" if row["statut"] == "actif" else STATUTS[row["statut"]].lower(),
        cites=cites(site, row["source"]),
    )


def cites(site: Site, source: str) -> Cites:
    """Return the documents of a cell of sources, with their lines."""
    return tuple(site.cite(source)) if source else ()


def practices(site: Site, territory: Territory) -> list[dict]:
    """Return the practices printed in the territory, or in one inside it, or carried by an organisation of it."""
    here = set(site.actors.frame.loc[site.actors.inside(territory), "organisation"])
    return [
        sheet
        for sheet in site.practices.sheets
        if sheet.get("organisation") in here
        or any(_within(site, place, territory) for place in sheet.get("lieu_imprime", "").split(LIST_SEPARATOR))
    ]


def _within(site: Site, place: str, territory: Territory) -> bool:
    level, _, code = place.partition(":")
    printed = Territory(level, code)
    return printed in site.territories and territory in (printed, *site.territories.parents(printed))


def _near(site: Site, territory: Territory, inside: np.ndarray) -> tuple[tuple[Near, ...], tuple[str, ...]]:
    """Return the nearest actor of each theme that none of the territory works on, by distance; the themes without any.

    Actors in activity or to be checked, of the ESS or its supports, that have a point.
    """
    frame = site.actors.frame
    working = frame["statut"].isin(["actif", "a_verifier"]) & ~frame["statut_ess"].isin(["public", "hors_ess"])
    helpful = working.to_numpy()
    found, far = [], []
    for code, theme in THEMES.items():
        wanted = helpful & site.index.rows["th"][code]
        if (wanted & inside).any():
            continue
        at, km = next(iter(nearest(site.actors, site.territories, territory, wanted, 1)), ("", np.inf))
        if km <= FAR_KM:
            place = int(frame.index.get_loc(at))
            found.append(Near(theme, actor(site, place), km, KINDS.get(site.rows[place]["statut_ess"], "")))
        else:
            far.append(theme)
    return tuple(sorted(found, key=lambda near: near.km)), tuple(far)


def _counted_near(site: Site, territory: Territory, nearest_of_all: Near) -> Near | None:
    """Return the nearest actor that the densities and the white zones count, when it is not the nearest of all."""
    found = nearest(site.actors, site.territories, territory, site.actors.counted, 1)
    if not nearest_of_all.kind or not found:
        return None
    at, km = found[0]
    return Near("", actor(site, int(site.actors.frame.index.get_loc(at))), km)


def _wider(site: Site, territory: Territory) -> tuple[tuple[str, tuple[Actor, ...]], ...]:
    """Return the actors of the ESS known only at the intercommunalité or the PETR: they may work here."""
    found = []
    for holder in site.territories.parents(territory):
        if holder.level in BELOW_PETR:
            there = (site.actors.frame["rattachement"] == str(holder)).to_numpy() & site.actors.counted
            if actors := tuple(actor(site, at) for at in np.flatnonzero(there).tolist()):
                found.append((site.territories.title(holder), actors))
    return tuple(found)


def _employers(site: Site, inside: np.ndarray) -> tuple[Employers, ...]:
    """Return the actors of each headcount class, the largest first; a class is that of the source, never a sum."""
    groups: dict[tuple[float, str], list[Actor]] = {}
    for at in np.flatnonzero(inside & site.actors.counted).tolist():
        row = site.rows[at]
        low, high = TRANCHES.get(row["tranche_effectif"], (0, 0))
        printed = site.figures.find(f"acteur:{row['organisation']}", HEADCOUNT)
        if high != 0:
            groups.setdefault((-low, tranche_label(row["tranche_effectif"])), []).append(actor(site, at))
        elif printed and printed["qualite"] == "moins_de":
            groups.setdefault((0, f"{amount(printed)} {printed['unite']}".capitalize()), []).append(actor(site, at))
    return tuple(Employers(words, tuple(groups[low, words])) for low, words in sorted(groups))


def _relations(site: Site, organisations: list[str]) -> tuple[Relation, ...]:
    """Return the relations of these organisations; one between two of them is said once."""
    found = []
    said: set[tuple[str, ...]] = set()
    for organisation in organisations:
        for link in site.network.of(organisation):
            key = (*sorted((organisation, link.organisation)), link.about, link.source)
            if key not in said:
                said.add(key)
                names = (site.organisation_name(organisation), site.organisation_name(link.organisation))
                found.append(
                    Relation(
                        organisation=names[0],
                        words=link.words,
                        other=names[1],
                        about=link.about,
                        when=link.when,
                        cites=cites(site, link.source),
                    )
                )
    return tuple(found)


def _codes(cell: str) -> list[str]:
    return [code.strip() for code in cell.split(LIST_SEPARATOR) if code.strip()]
