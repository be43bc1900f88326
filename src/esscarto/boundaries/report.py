"""The proof told in French: ``report.md``, from facts and nothing else."""

from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import dataclass

import pandas as pd

from esscarto.boundaries.contours import Contours, Ground
from esscarto.boundaries.coverage import SLIT_WIDTH_M, Tiling
from esscarto.boundaries.layers import Layers
from esscarto.boundaries.proof import Check
from esscarto.boundaries.reference import Reference, population_year
from esscarto.french import MISSING, count, enumerate_words, number

FORMER_WORDS = {
    "ancienne-commune": ("ancienne commune", "anciennes communes"),
    "commune-deleguee": ("commune déléguée", "communes déléguées"),
    "commune-associee": ("commune associée", "communes associées"),
    "arrondissement-municipal": ("arrondissement municipal", "arrondissements municipaux"),
}


@dataclass(frozen=True)
class Input:
    """A file given to the build: its name, what it is, its SHA-256."""

    name: str
    label: str
    sha256: str


@dataclass(frozen=True)
class Facts:
    """All that the build knows when it has succeeded.

    Parameters
    ----------
    inputs : tuple of Input
        Files read.
    reference, contours, ground, tiling, layers, checks
        What each step gave.
    petr : pandas.DataFrame
        ``petr.csv``.
    printed : pandas.DataFrame
        ``petr``, ``siren_epci`` ("" for the whole PETR), ``communes``, ``population``, ``population_year``,
        ``source``: what documents print of the PETR.
    published : pandas.DataFrame
        ``year``, ``code_region``, ``population``, ``source``: totals that name the year of populations.
    displaced : pandas.DataFrame
        ``code_insee``, ``distance_km``: town halls left out because they lie outside their commune.
    regions : tuple of str
        Régions asked for whole.
    """

    inputs: tuple[Input, ...]
    reference: Reference
    contours: Contours
    ground: Ground
    tiling: Tiling
    layers: Layers
    checks: tuple[Check, ...]
    petr: pd.DataFrame
    printed: pd.DataFrame
    published: pd.DataFrame
    displaced: pd.DataFrame
    regions: tuple[str, ...]

    def population_tables(self) -> dict[str, pd.Series]:
        """Return inhabitants by région as each source counts them, the one kept first."""
        communes = self.reference.communes
        region = communes["code_region"]
        tables = {
            "communes du découpage (retenue)": communes["population"].groupby(region).sum(),
            "membres des EPCI du découpage": communes["population_epci"].groupby(region).sum(),
        }
        if "population" in self.contours.communes:
            theirs = self.contours.communes.set_index("code_insee")["population"]
            people = pd.to_numeric(theirs, errors="coerce")
            tables[f"contours ({self.contours.label})"] = people.groupby(theirs.index.map(region)).sum()
        return tables

    def populations_year(self) -> str | None:
        """Return the proved year of the populations kept."""
        return population_year(next(iter(self.population_tables().values())), self.published)

    def merged_lately(self, codes: Iterable[str]) -> list[str]:
        """Return, of some communes, those born of a merger that the contours do not know."""
        return sorted({str(hole.code_insee) for hole in self.tiling.holes if hole.merger} & set(codes))


def vintages(facts: Facts) -> dict[str, str]:
    """Return what ``communes``, ``populations``, ``epci``, ``contours`` date from, as far as it is proved."""
    reference, year = facts.reference, facts.populations_year()
    package = f"paquet @etalab/decoupage-administratif {reference.version}"
    mergers = len(facts.merged_lately(facts.layers.communes["code_insee"]))
    edition = f"{facts.contours.label}, édition non imprimée par le fichier"
    return {
        "communes": f"Code officiel géographique {reference.year or 'd’année non imprimée'} ({package})",
        "populations": f"population municipale, populations de référence {year} (Insee)"
        if year
        else f"population municipale, année non établie ({package})",
        "epci": f"EPCI à fiscalité propre, DGCL {reference.epci_year or 'd’année non imprimée'} ({package})",
        "contours": f"{edition}, antérieure à {count(mergers, 'fusion')} de communes" if mergers else edition,
    }


def report(facts: Facts) -> str:
    """Write the proof of the layers (Markdown, French)."""
    return "\n".join(
        [
            "# Preuve des limites territoriales",
            "",
            "Écrit par `esscarto geo build` avec les couches ; ne se modifie pas à la main.",
            "",
            *_vintage_section(facts),
            *_scope_section(facts),
            "## Contrôles",
            "",
            "Faits sur les fichiers écrits, relus.",
            "",
            *table(("Promesse tenue", "Constat"), [(check.promise, check.result) for check in facts.checks]),
            "",
            *_repair_section(facts),
            *_point_section(facts),
            *_former_section(facts),
            *_petr_section(facts),
            *_membership_section(facts),
        ]
    )


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Write a Markdown table, one string a line."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"

    return [line(header), line(["---"] * len(header)), *map(line, rows)]


def _vintage_section(facts: Facts) -> list[str]:
    rows = []
    for name, by_region in facts.population_tables().items():
        year = population_year(by_region, facts.published)
        totals = facts.published[facts.published["year"].astype(str) == year] if year else facts.published[:0]
        found = ", ".join(f"{row.code_region} : {number(int(row.population))}" for row in totals.itertuples())
        rows.append((name, year or "non établie", found or "aucune année ne convient"))
    return [
        "## Millésimes",
        "",
        *(f"- {name} : {text}." for name, text in vintages(facts).items()),
        "",
        "Les sources portent des populations d’années différentes. Une seule est retenue, celle des communes",
        "du découpage : tout EPCI, PETR, département ou région est la somme de ses communes, donc de la même",
        "année. Les autres ne servent qu’à ce tableau. L’année se reconnaît aux totaux régionaux publiés",
        "(`published_populations.csv`), à l’habitant près.",
        "",
        *table(("Population", "Année", "Totaux publiés retrouvés (code de région : habitants)"), rows),
        "",
    ]


def _scope_section(facts: Facts) -> list[str]:
    communes, reference = facts.layers.communes, facts.reference
    names = [f"{reference.regions.at[code, 'nom']} ({code})" for code in facts.regions]
    words = {
        "commune": "commune",
        "epci": "EPCI",
        "petr": "PETR",
        "departement": "département",
        "region": "région",
    }
    sizes = [
        count(len(layer), words[level], words[level] + ("" if words[level].isupper() else "s"))
        for level, layer in facts.layers.levels.items()
    ]
    lines = [
        "## Périmètre",
        "",
        f"Régions entières : {enumerate_words(names) or 'aucune'}. {enumerate_words(sizes)}.",
        "",
    ]
    outside = communes.loc[~communes["code_region"].isin(facts.regions), "code_region"].value_counts().sort_index()
    if len(outside):
        detail = enumerate_words(
            f"{reference.regions.at[code, 'nom']} {number(size)}" for code, size in outside.items()
        )
        lines += [
            f"{count(int(outside.sum()), 'commune')} d’autres régions complètent des EPCI à cheval ou "
            f"demandés dans `petr.csv` ({detail}) ; leurs départements et régions, incomplets, n’ont pas de "
            "contour.",
            "",
        ]
    return lines


def _repair_section(facts: Facts) -> list[str]:
    tiling, reference, merged = facts.tiling, facts.reference, facts.ground.merged
    surface = number(tiling.overlaps["area_m2"].sum())
    lines = [
        "## Réparations",
        "",
        f"- Recouvrements : {count(len(tiling.overlaps), 'paire')} de communes se disputaient {surface} m² ; "
        "chaque morceau est allé à une seule.",
        f"- Fentes de moins de {number(SLIT_WIDTH_M)} m : {number(tiling.slits)}, refermées.",
        f"- Communes refaites en réunissant d’anciens contours : {number(len(merged))}.",
        *(f"  - {reference.title(code)} : {', '.join(parts)}" for code, parts in merged.items()),
        f"- Trous : {number(len(tiling.holes))}.",
        "",
    ]
    if tiling.holes:
        rows = [
            (
                reference.title(hole.code_insee) if hole.code_insee else "personne",
                number(hole.area_km2, 2),
                number(hole.width_m),
                hole.reason,
            )
            for hole in tiling.holes
        ]
        lines += [*table(("Donné à", "km²", "Largeur (m)", "Explication"), rows), ""]
    if any(hole.merger for hole in tiling.holes):
        lines += [
            "Une commune née d’une fusion récente se reconnaît à son SIREN, qui ne commence ni par 21",
            "(communes anciennes) ni par 20 (communes nouvelles plus anciennes), et à ses anciens codes sans",
            "contour. Au bord de chaque trou, une seule commune remplit ces conditions et n’a pas déjà",
            "retrouvé tout son territoire ; sinon la couche aurait été refusée.",
            "",
        ]
    return lines


def _point_section(facts: Facts) -> list[str]:
    communes, reference = facts.layers.communes.set_index("code_insee"), facts.reference
    displaced = facts.displaced.set_index("code_insee")["distance_km"]
    kept = int(communes["mairie_lon"].notna().sum())
    several = communes[communes.geometry.count_geometries() > 1]
    by_largest = several.index[several["mairie_lon"].isna()]
    lines = [
        "## Points",
        "",
        f"- Mairies : {count(kept, 'gardée')}, {count(len(displaced), 'écartée')} car hors de la commune, "
        f"{count(len(communes) - kept - len(displaced), 'inconnue')} de la source.",
        f"- Communes en plusieurs parties : {number(len(several))}. L’étiquette est dans la partie de la "
        f"mairie pour {number(len(several) - len(by_largest))}, dans la plus grande pour "
        f"{number(len(by_largest))} (mairie inconnue).",
        "",
    ]
    if len(several):
        names = (reference.title(str(code)) + (" *" if code in by_largest else "") for code in several.index)
        star = " (* : plus grande partie)" if len(by_largest) else ""
        lines += [f"Communes en plusieurs parties{star} : {', '.join(names)}.", ""]
    if len(displaced):
        sizes = communes.loc[displaced.index, "code_departement"].value_counts().sort_index()
        detail = ", ".join(f"{code} : {number(size)}" for code, size in sizes.items())
        lines += [f"Mairies écartées, par département : {detail}.", ""]
    in_petr = communes.loc[displaced.index, "siren_epci"].isin(facts.petr.loc[facts.petr["petr"] != "", "siren_epci"])
    if in_petr.any():
        rows = [(reference.title(code), number(km, 2)) for code, km in displaced[in_petr].items()]
        lines += [
            "Mairies écartées, dans les PETR :",
            "",
            *table(("Commune", "Distance à sa commune (km)"), rows),
            "",
        ]
    return lines


def _former_section(facts: Facts) -> list[str]:
    former, scope = facts.layers.former, set(facts.layers.communes["code_insee"])
    sizes = enumerate_words(
        count(size, *FORMER_WORDS.get(kind, (kind,))) for kind, size in former["type"].value_counts().items()
    )
    lines = [
        "## Anciennes communes",
        "",
        f"{count(len(former), 'ancien code', 'anciens codes')} ({sizes}). Le nom des simples anciennes "
        "communes n’est pas dans les paquets : il reste vide.",
        "",
    ]
    for old, new in sorted(facts.reference.shared.items()):
        if scope & set(new):
            towns = enumerate_words(map(facts.reference.title, new))
            lines += [f"Le code {old} n’est pas repris : son territoire a été partagé entre {towns}.", ""]
    return lines


def _petr_section(facts: Facts) -> list[str]:
    lines = ["## PETR, alors et aujourd’hui", ""]
    communes, names = facts.layers.communes, facts.reference.epci["nom"]
    header = (
        "Territoire",
        "Communes imprimées",
        "aujourd’hui",
        "Habitants imprimés (année)",
        "aujourd’hui",
        "Source",
    )
    for petr, members in facts.petr[facts.petr["petr"] != ""].groupby("petr", sort=True):
        inside = communes[communes["siren_epci"].isin(members["siren_epci"])]
        parts = {siren: inside[inside["siren_epci"] == siren] for siren in members["siren_epci"]}
        printed = facts.printed[facts.printed["petr"] == petr].set_index("siren_epci")
        rows = [_then_and_now("ensemble", inside, printed, "")]
        rows += [_then_and_now(names[siren], part, printed, siren) for siren, part in parts.items()]
        lines += [f"### {members['nom'].iloc[0]}", "", *table(header, rows), ""]
        merged = facts.merged_lately(inside["code_insee"])
        lines += [f"- {_merger(facts, code)}" for code in merged]
        lines += _unexplained(printed, names, {"": inside, **parts}, facts.merged_lately)
        lines += [""] if lines[-1] else []
    return lines


def _then_and_now(name: str, inside: pd.DataFrame, printed: pd.DataFrame, key: str) -> tuple[str, ...]:
    now = (number(len(inside)), number(int(inside["population"].sum())))
    if key not in printed.index:
        return name, MISSING, now[0], MISSING, now[1], ""
    then = printed.loc[key]
    towns = number(int(then["communes"])) if then["communes"] else MISSING
    people = MISSING
    if then["population"]:
        people = f"{number(int(then['population']))} ({then['population_year'] or 'année non imprimée'})"
    return name, towns, now[0], people, now[1], then["source"]


def _merger(facts: Facts, code: str) -> str:
    absorbed = enumerate_words(map(facts.reference.former_title, facts.reference.former_codes(code)))
    title = facts.reference.title(code)
    return f"Ce qui a changé : {title}, née d’une fusion que les contours ignorent, a absorbé {absorbed}."


def _unexplained(
    printed: pd.DataFrame,
    names: pd.Series,
    parts: dict[str, pd.DataFrame],
    merged_lately: Callable[[pd.Series], Sized],
) -> list[str]:
    """Say which printed counts of communes differ from today's for a reason the packages do not tell."""
    lines = []
    for key, then in printed[printed["communes"] != ""].iterrows():
        inside = parts.get(str(key))
        if inside is None or len(inside) + len(merged_lately(inside["code_insee"])) == int(then["communes"]):
            continue
        if len(inside) == int(then["communes"]):
            continue
        name = names[key] if key else "l’ensemble"
        lines.append(
            f"- Écart que les paquets n’expliquent pas : {name}, {then['communes']} communes imprimées "
            f"({then['source']}), {len(inside)} aujourd’hui. Une commune a pu changer d’EPCI."
        )
    return lines


def _membership_section(facts: Facts) -> list[str]:
    theirs, communes = facts.contours.communes, facts.layers.communes
    if "siren_epci" not in theirs:
        return []
    given = theirs.set_index("code_insee")["siren_epci"].dropna()
    official = communes.dropna(subset="siren_epci").set_index("code_insee")["siren_epci"]
    both = official.index.intersection(given.index)
    differ = [code for code in both if official[code] not in given[code].split("/")]
    listed = f" : {', '.join(map(facts.reference.title, differs))}" if (differs := differ[:20]) else ""
    return [
        "## Appartenance aux EPCI",
        "",
        f"La source des contours dit aussi l’EPCI de {count(len(both), 'commune')} ; elle diffère de la "
        f"liste DGCL, seule retenue, pour {number(len(differ))}{listed}.",
        "",
    ]
