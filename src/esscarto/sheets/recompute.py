"""Printed value and recomputed value side by side: what the layers or the printed figures give again, and the gap."""

from dataclasses import replace

from esscarto.french import bound, count, number, short_vintage, with_unit
from esscarto.sheets.model import Recomputed
from esscarto.site import Site
from esscarto.territories import Territory

UNDATED = "le document ne date pas son chiffre"


def recomputed(site: Site, territory: Territory, row: dict[str, str]) -> Recomputed | None:
    """Return what esscarto computes for the same figure, None when nothing gives it.

    Populations and communes are those of the layers (Insee, DGCL), areas are measured in Lambert-93 (EPSG:2154); the
    rates of the ESS are made again from the figures that the same document prints.
    """
    maker = _MAKERS.get(row["indicateur"])
    found = maker(site, territory, row) if maker and row["valeur"] else None
    return replace(found, how=bound(found.how), gap=bound(found.gap)) if found else None


def _communes(site: Site, territory: Territory, row: dict[str, str]) -> Recomputed:
    now = len(site.territories.communes_of(territory))
    return _units(site, row, now, "communes", "commune")


def _epcis(site: Site, territory: Territory, row: dict[str, str]) -> Recomputed:
    now = len(site.territories.children(territory, "epci"))
    return _units(site, row, now, "epci", "intercommunalité")


def _units(site: Site, row: dict[str, str], now: int, part: str, word: str) -> Recomputed:
    vintage = site.territories.vintages.get(part, "").partition(" (")[0]
    difference = now - float(row["valeur"])
    gap = (
        f"Écart de {_signed(difference)} : le découpage d’aujourd’hui ({vintage}) n’est pas celui du document "
        f"({row['annee']})."
        if difference
        else "Les deux concordent."
    )
    return Recomputed(count(now, word), vintage, gap, now)


def _population(site: Site, territory: Territory, row: dict[str, str]) -> Recomputed:
    now = float(site.territories.row(territory)["population"])
    when = _year(site)
    return Recomputed(with_unit(now, "habitants"), when, _years_differ(row, now, when), now)


def _density(site: Site, territory: Territory, row: dict[str, str]) -> Recomputed:
    line = site.territories.row(territory)
    now = float(line["population"]) / float(line["area_km2"])
    when = _year(site)
    gap = _years_differ(row, now, when, "La surface est mesurée en Lambert-93 sur des contours simplifiés.")
    return Recomputed(with_unit(now, "habitants par km²", 1), when, gap, now)


def _share_of_departement(site: Site, territory: Territory, row: dict[str, str]) -> Recomputed | None:
    above = [holder for holder in site.territories.parents(territory) if holder.level == "departement"]
    if not above:
        return None
    now = (
        100 * float(site.territories.row(territory)["population"]) / float(site.territories.row(above[0])["population"])
    )
    when = _year(site)
    return Recomputed(with_unit(now, "%", 1), when, _years_differ(row, now, when), now)


def _per_thousand(site: Site, territory: Territory, row: dict[str, str]) -> Recomputed | None:
    return _ratio(site, territory, row, "etablissements_employeurs_ess", "population", 1000)


def _mean_size(site: Site, territory: Territory, row: dict[str, str]) -> Recomputed | None:
    return _ratio(site, territory, row, "emplois_ess", "etablissements_employeurs_ess", 1)


def _ratio(
    site: Site, territory: Territory, row: dict[str, str], above: str, below: str, times: int
) -> Recomputed | None:
    """Make a rate again from two figures of the same territory, in the words of the document."""
    top, bottom = (site.figures.find(str(territory), indicator) for indicator in (above, below))
    if not (top and bottom and top["valeur"] and bottom["valeur"]):
        return None
    now = times * float(top["valeur"]) / float(bottom["valeur"])
    printed = row["valeur"]
    decimals = len(printed.partition(".")[2])
    how = f"{_named(top)} et {_named(bottom)}, tels qu’imprimés"
    agree = round(now, decimals) == float(printed)
    gap = "Les deux concordent, à l’arrondi près." if agree else "Le document ne donne pas le calcul de son chiffre."
    return Recomputed(number(now, decimals + 1), how, gap, now)


def _named(row: dict[str, str]) -> str:
    return f"{number(float(row['valeur']))} {row['unite']} ({row['annee']})"


def _years_differ(row: dict[str, str], now: float, when: str, more: str = "") -> str:
    """Say how far the computed value is from the printed one, and why."""
    printed = float(row["valeur"])
    decimals = len(row["valeur"].partition(".")[2])
    if round(now, decimals) == printed:
        return "Les deux concordent, à l’arrondi près."
    years = UNDATED if row["annee"] == "non daté" else f"le chiffre imprimé est celui de {row['annee']}"
    percent = number(100 * (now / printed - 1), 1)
    sign = "" if percent.startswith("−") else "+"
    return " ".join(
        part for part in (f"Écart de {sign}{percent} % : {years}, le calcul prend la population {when}.", more) if part
    )


def _signed(difference: float) -> str:
    return f"{'+' if difference > 0 else ''}{number(difference)}"


def _year(site: Site) -> str:
    return short_vintage(site.territories.vintages.get("populations", ""))


_MAKERS = {
    "nombre_communes": _communes,
    "nombre_epci": _epcis,
    "population": _population,
    "densite_population": _density,
    "part_population_departement": _share_of_departement,
    "etablissements_ess_pour_1000_habitants": _per_thousand,
    "salaries_par_etablissement_ess": _mean_size,
}
