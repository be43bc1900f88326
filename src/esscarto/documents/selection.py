"""What the user takes away: the actors of the list, their figures and relations, and their sources."""

import datetime
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from esscarto import french
from esscarto.schema import TableSchema, read_schema
from esscarto.settings import SCHEMAS
from esscarto.site import Site
from esscarto.territories import Territory

LICENCE = "Licence Ouverte 2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
REUSE = "Citez « esscarto », la date de l’export et, pour chaque ligne, la source qu’elle porte."
POINTS = (
    "Le point est celui de l’adresse ou de la rue quand une source le donne, sinon celui de l’étiquette de "
    "la commune : voir la colonne precision. Sans commune connue, il n’y a pas de point. À l’import, les "
    "colonnes longitude et latitude font foi."
)
NOT_A_CENSUS = "L’annuaire n’est pas un recensement : un territoire sans acteur est un territoire sans acteur connu."

_BOUNDARIES = {
    "communes": "Communes (Insee)",
    "populations": "Populations (Insee)",
    "epci": "Intercommunalités (DGCL)",
    "contours": "Contours des communes (IGN)",
}


@dataclass(frozen=True)
class Selection:
    """The actors to export.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    mask : numpy.ndarray
        Which actors are kept, in the order of ``site.actors.frame``.
    sentence : str
        The filter, said in French.
    day : datetime.date
        The day of the export.
    territory : Territory, optional
        What the map is drawn around; None for the whole directory.
    """

    site: Site
    mask: np.ndarray
    sentence: str
    day: datetime.date
    territory: Territory | None = None

    @cached_property
    def actors(self) -> pd.DataFrame:
        """The columns of ``schemas/acteurs.schema.json`` as the file held them, all text, "" when empty.

        Only the control and bidirectional characters, and the spaces around a text, are left out.
        """
        kept = self.site.actors.frame[self.mask].reset_index(drop=True)
        published = kept.assign(code_insee=kept["code_insee_declare"])[schema("acteurs").columns]
        return pd.DataFrame(published.map(french.clean).astype(str))

    @property
    def positions(self) -> pd.DataFrame:
        """Points of the actors: ``lon``, ``lat`` (EPSG:4326), ``x``, ``y`` (EPSG:2154, metres), or NaN."""
        return pd.DataFrame(self.site.actors.frame.loc[self.mask, ["lon", "lat", "x", "y"]]).reset_index(drop=True)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The published figures about the organisations kept (``schemas/chiffres.schema.json``)."""
        frame = self.site.figures.frame
        subjects = [f"acteur:{organisation}" for organisation in self._organisations]
        return pd.DataFrame(frame[frame["sujet"].isin(subjects)]).reset_index(drop=True)

    @cached_property
    def relations(self) -> pd.DataFrame:
        """The relations that begin or end at an organisation kept (``schemas/relations.schema.json``)."""
        frame = self.site.network.frame
        linked = frame["de"].isin(self._organisations) | frame["vers"].isin(self._organisations)
        return pd.DataFrame(frame[linked]).reset_index(drop=True)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """Where the export comes from, in words: columns ``rubrique``, ``intitule``, ``contenu``."""
        lines = [
            ("Export", "Date", french.date(self.day.isoformat())),
            ("Export", "Sélection", french.clean(self.sentence)),
            ("Export", "Licence", f"{LICENCE}, {LICENCE_URL}"),
            ("Export", "Réutilisation", REUSE),
            ("Export", "Points", POINTS),
            ("Export", "Portée", NOT_A_CENSUS),
            *((f"Document {number}", *_document(row)) for number, row in self.site.documents.items()),
            *(("Lieu", place, "source publique du lieu, colonne lieu_source") for place in self._places),
            *(
                ("Limites territoriales", _BOUNDARIES.get(key, key), vintage)
                for key, vintage in self.site.territories.vintages.items()
            ),
        ]
        return pd.DataFrame(lines, columns=["rubrique", "intitule", "contenu"], dtype=str)

    def citations(self) -> list[str]:
        """Return the sources of each actor in words: ``Fiche…, CRESS, 2024, lignes 89, 105``."""
        return [cite(self.site, source) for source in self.actors["source"]]

    @cached_property
    def _organisations(self) -> list[str]:
        return self.actors["organisation"].unique().tolist()

    @cached_property
    def _places(self) -> list[str]:
        return sorted(set(self.actors["lieu_source"]) - {""})


def schema(table: str) -> TableSchema:
    """Return a published schema: ``acteurs``, ``chiffres`` or ``relations``."""
    return read_schema(SCHEMAS / f"{table}.schema.json")


def cite(site: Site, source: str) -> str:
    """Say the sources of a row in words, with their lines."""
    return site.say_source(source)


def exact_number(cell: str) -> float | None:
    """Return the number of a cell when a spreadsheet gives it back as it is written, else None."""
    try:
        value = float(cell)
    except ValueError:
        return None
    # A spreadsheet keeps fifteen digits.
    kept = math.isfinite(value) and float(f"{value:.15g}") == value
    written = str(int(value)) if kept and value == int(value) else repr(value)
    return value if kept and written == cell else None


def _document(row: dict[str, str]) -> tuple[str, str]:
    data = f"données : {row['annee_des_donnees']}" if row["annee_des_donnees"] else ""
    parts = (row["producteur"], french.date(row["date"]), data, row["note"])
    return row["titre"], " ; ".join(part.rstrip(".") for part in parts if part)
