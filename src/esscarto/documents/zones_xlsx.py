"""The white zones as an Excel workbook: the communes, the totals, and what the file is."""

import datetime

import pandas as pd

from esscarto.documents import xlsx
from esscarto.documents.selection import LICENCE, LICENCE_URL, NOT_A_CENSUS, cite
from esscarto.french import MISSING, date
from esscarto.reach import WhiteZones
from esscarto.site import Site
from esscarto.territories import Territory

COMMUNES = (
    *("Code Insee", "Commune", "Intercommunalité", "Habitants", "Distance (km)"),
    *("Acteur connu le plus proche", "Source"),
)
TOTALS = ("Intercommunalité", "Communes", "Communes en zone blanche", "Habitants", "Habitants en zone blanche")


def export(site: Site, place: str, zones: WhiteZones, what: str, day: datetime.date) -> bytes:
    """Return the workbook: « Communes », « Intercommunalités », « Lisez-moi ».

    Parameters
    ----------
    site : Site
        Everything the application knows.
    place : str
        Name of the territory.
    zones : WhiteZones
        What is exported.
    what : str
        Which actors are looked for, in French.
    day : datetime.date
        The day of the export.
    """
    vintages = site.territories.vintages
    about = [
        ("Territoire", place),
        ("Zone blanche", f"Commune à plus de {zones.radius_km:g} km de tout {what}."),
        ("Réserve", NOT_A_CENSUS),
        ("Méthode", "Distance droite en Lambert-93, de l’endroit habité de la commune au point de l’acteur."),
        ("Acteurs mesurés", zones.measured),
        ("Acteurs sans point, non comptés", zones.unplaced),
        ("Populations", vintages.get("populations", "")),
        ("Contours", vintages.get("contours", "")),
        ("Date", date(day.isoformat())),
        ("Licence", f"{LICENCE}, {LICENCE_URL}"),
    ]
    sheets = {
        "Communes": pd.DataFrame(_communes(site, zones), columns=list(COMMUNES), dtype=object),
        "Intercommunalités": pd.DataFrame(_totals(site, zones), columns=list(TOTALS), dtype=object),
        "Lisez-moi": pd.DataFrame(about, columns=["rubrique", "contenu"], dtype=object),
    }
    return xlsx.plain(sheets, day)


def _communes(site: Site, zones: WhiteZones) -> list[tuple[str | float, ...]]:
    frame = site.actors.frame
    return [
        (
            row.Index,
            row.nom,
            holder(site, row.siren_epci),
            int(row.population),
            round(row.km, 2) if row.actor else MISSING,
            frame.at[row.actor, "nom"] if row.actor else "",
            cite(site, frame.at[row.actor, "source"]) if row.actor else "",
        )
        for row in zones.white.itertuples()
    ]


def _totals(site: Site, zones: WhiteZones) -> list[tuple[str | float, ...]]:
    return [
        (
            holder(site, row.Index),
            int(row.communes),
            int(row.white_communes),
            int(row.population),
            int(row.white_population),
        )
        for row in zones.totals().itertuples()
    ]


def holder(site: Site, siren_epci: str) -> str:
    """Name an intercommunalité, or say that a commune is in none."""
    return site.territories.name(Territory("epci", siren_epci)) if siren_epci else "sans intercommunalité"
