"""The actors to look at, as a file to share out among those who know them."""

import datetime

import pandas as pd

from esscarto import french
from esscarto.documents import french_csv, xlsx
from esscarto.documents.selection import LICENCE, LICENCE_URL, cite
from esscarto.health import REASONS, Doubt
from esscarto.schema import TableSchema
from esscarto.site import Site

COLUMNS = ("Nom", "Lieu", "Motifs", "Précisions", "Note", "État daté de", "Source", "Identifiant", "Vérifié, que dire")
"""The last one is empty: it is for whoever fills it in."""


def table(site: Site, doubts: list[Doubt]) -> pd.DataFrame:
    """Return one line per actor, every cell a French text."""
    frame = site.actors.frame
    lines = [
        (
            doubt.name,
            doubt.place,
            " ; ".join(dict.fromkeys(REASONS[code] for code, _ in doubt.reasons)),
            " ; ".join(sentence for _, sentence in doubt.reasons),
            doubt.note,
            french.date(frame.at[doubt.actor, "statut_date"]),
            cite(site, frame.at[doubt.actor, "source"]),
            doubt.actor,
            "",
        )
        for doubt in doubts
    ]
    return pd.DataFrame(lines, columns=list(COLUMNS), dtype=str).map(french.clean)


def to_csv(site: Site, doubts: list[Doubt]) -> bytes:
    """Return the list as a French CSV file, no cell of which is computed."""
    return french_csv.write(table(site, doubts), TableSchema("a_verifier", ()))


def to_xlsx(site: Site, doubts: list[Doubt], where: str, day: datetime.date) -> bytes:
    """Return the list as a workbook: the actors, and what the file is."""
    about = [
        ("Date", french.date(day.isoformat())),
        ("Territoire", where),
        ("Licence", f"{LICENCE}, {LICENCE_URL}"),
        ("Mode d’emploi", "Notez ce que vous avez vérifié, et d’où vous le tenez. Corrigez ensuite chaque fiche."),
    ]
    sheets = {
        "À vérifier": table(site, doubts),
        "Lisez-moi": pd.DataFrame(about, columns=["rubrique", "contenu"], dtype=str),
    }
    return xlsx.plain(sheets, day)
