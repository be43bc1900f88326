"""The files to take away: what is filtered, nothing else."""

import datetime
import importlib
from dataclasses import dataclass
from functools import partial

import numpy as np

from esscarto.filters import ActorFilter
from esscarto.french import fold
from esscarto.site import Site
from esscarto.tours import MOST
from esscarto.ui import offer, render, tour_choice
from esscarto.ui.state import View


@dataclass(frozen=True)
class Format:
    """One kind of file: the module of ``esscarto`` that writes it, and how it is offered."""

    module: str
    extension: str
    mime: str
    label: str
    use: str


FORMATS = (
    Format(
        "documents.xlsx",
        "xlsx",
        offer.EXCEL,
        "Exporter en Excel",
        "Acteurs, chiffres, relations et sources, une feuille chacun.",
    ),
    Format(
        "documents.french_csv",
        "csv",
        "text/csv",
        "CSV",
        "Pour un tableur français : point-virgule, virgule décimale.",
    ),
    Format("documents.geojson", "geojson", "application/geo+json", "GeoJSON", "Pour uMap ou un site web (WGS84)."),
    Format("documents.gpkg", "gpkg", "application/geopackage+sqlite3", "GeoPackage", "Pour QGIS (Lambert-93)."),
    Format("documents.vcard", "vcf", "text/vcard", "Contacts", "Pour un carnet d’adresses (vCard)."),
    Format(
        "offline.page",
        "html",
        "text/html",
        "Carte à emporter",
        "Un seul fichier à ouvrir sans réseau : carte, filtres et liste.",
    ),
)


def draw(site: Site, view: View, mask: np.ndarray) -> None:
    """Draw the export buttons; a file is made when its button is clicked, not before."""
    shown = int(np.count_nonzero(mask))
    today = datetime.date.today()
    name = file_name(site, view.wanted, today)
    tour, placed = tour_choice.link(site, mask)
    render.show("telecharger.html", total=shown, tour=tour, places=placed, au_plus=MOST)
    files = (
        offer.File(
            form.label,
            f"{name}.{form.extension}",
            form.mime,
            partial(_content, form, site, view.wanted, mask, today),
            form.use,
            disabled=not shown,
        )
        for form in FORMATS
    )
    offer.row("export", files, main=FORMATS[0].label)


def file_name(site: Site, wanted: ActorFilter, day: datetime.date) -> str:
    """Return the name of the files, without its ending: ``esscarto-cc-retz-en-valois-2026-11-22``."""
    place = site.territories.title(wanted.territory) if wanted.territory else "partout"
    return f"esscarto-{fold(place).replace(' ', '-')}-{day.isoformat()}"


def _content(form: Format, site: Site, wanted: ActorFilter, mask: np.ndarray, day: datetime.date) -> bytes:
    # Imported here: the libraries that write files take a tenth of a second that no page needs to wait for.
    from esscarto.documents.selection import Selection

    sentence = wanted.sentence(int(np.count_nonzero(mask)), site.territories)
    writer = importlib.import_module(f"esscarto.{form.module}")
    return writer.export(Selection(site, mask, sentence, day, wanted.territory))
