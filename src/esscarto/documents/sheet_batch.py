"""The sheets of many territories as PDF files, one after the other: what `esscarto fiches` writes."""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

from esscarto.documents import sheet_pdf
from esscarto.errors import DataError
from esscarto.french import fold
from esscarto.sheets.build import build
from esscarto.site import Site
from esscarto.territories import Territory


def communes(site: Site, *, epci: str = "", petr: str = "", codes: Sequence[str] = ()) -> list[Territory]:
    """Return the communes to write: those of an EPCI, of a PETR, or those given, old codes resolved.

    Raises
    ------
    DataError
        When one is not in the layers, or when none is asked for.
    """
    territories = site.territories
    found: list[str] = []
    for level, code in (("epci", epci), ("petr", petr)):
        if code:
            holder = Territory(level, code)
            territories.row(holder)
            found.extend(territories.communes_of(holder))
    for code in codes:
        current = territories.current_commune(code)
        if current is None:
            raise DataError(f"la commune « {code} » n’est pas dans les couches", remedy="Donnez son code Insee.")
        found.append(current)
    if not found:
        raise DataError("aucune commune n’est demandée", remedy="Donnez --epci, --petr ou --commune.")
    return [Territory("commune", code) for code in dict.fromkeys(found)]


def write_sheets(
    site: Site,
    wanted: Sequence[Territory],
    folder: Path,
    day: datetime.date,
    base: str,
    progress: Callable[[int, int, str], None],
) -> list[Path]:
    """Write one PDF a territory in a folder, made when it is missing, and return the files.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    wanted : sequence of Territory
        The territories.
    folder : Path
        Where to write.
    day : datetime.date
        The day that the sheets bear.
    base : str
        Address of the site to print, none by default.
    progress : callable
        Called after each file with its rank, how many there are, and its name.

    Raises
    ------
    DataError
        When the folder or a file cannot be written; the files before it are whole.
    """
    written = []
    for rank, territory in enumerate(wanted, start=1):
        sheet = build(site, territory, day)
        path = folder / f"fiche-{territory.code}-{fold(sheet.title).replace(' ', '-')}.pdf"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(sheet_pdf.export(site, sheet, base))
        except OSError as error:
            raise DataError(
                "ce fichier ne peut pas être écrit", str(path), "Choisissez un autre dossier, ou libérez de la place."
            ) from error
        written.append(path)
        progress(rank, len(wanted), path.name)
    return written
