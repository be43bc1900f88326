"""A row of the directory as a register gives it, and the rows of one reading with what was left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from esscarto.french import NBSP, clean, enumerate_words, number
from esscarto.registers.nomenclature import EDITIONS, NAF_REV_2, SECTORS, sector, tranche
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.storage.commune_names import CommuneNames
from esscarto.vocabulary import tranche_label

EXTRA_COLUMNS = ["cle", "siren", "categorie_juridique", "naf", "naf_nomenclature", "secteur"]
"""Columns that a register gives and the directory does not have; ``cle`` names the row in its register."""


@dataclass(frozen=True)
class Register:
    """A public register.

    Parameters
    ----------
    key : str
        Name of its table (letters and ``_``).
    document : str
        Its number among the source documents: a row of the register is cited ``900:41199701800055``.
    title, producer : str
        What it is called, who publishes it.
    """

    key: str
    document: str
    title: str
    producer: str


SIRENE = Register("sirene", "900", "Répertoire Sirene, par l’API Recherche d’entreprises", "Insee, DINUM")
ESS_FRANCE = Register("ess_france", "901", "Liste nationale des entreprises de l’ESS", "ESS France")
DATA_INCLUSION = Register("data_inclusion", "902", "Structures de data·inclusion", "Plateforme de l’inclusion")
SIAE = Register("siae", "903", "Liste des structures d’insertion par l’activité économique", "ASP")
SIRENE_STOCK = Register("sirene_stock", "904", "Répertoire Sirene, fichiers stock", "Insee")
REGISTERS = {each.key: each for each in (SIRENE, ESS_FRANCE, DATA_INCLUSION, SIAE, SIRENE_STOCK)}


@dataclass
class Reading:
    """What one reading of a register gave.

    Parameters
    ----------
    register : Register
        Which one.
    day : str
        Date of its content (``2026-11-22``), "" when nobody knows it.
    perimeter : frozenset of str
        Insee codes of the communes that were asked for.
    rows : pandas.DataFrame
        Columns of ``schemas/acteurs.schema.json``, then :data:`EXTRA_COLUMNS`; text, "" when nothing is said.
    left_out : collections.Counter
        Why rows were left out (French) -> how many.
    """

    register: Register
    day: str
    perimeter: frozenset[str]
    rows: pd.DataFrame
    left_out: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        said = [f"{number(count)} {why}" for why, count in self.left_out.most_common()]
        left = f" Laissés de côté{NBSP}: {enumerate_words(said)}." if said else ""
        return f"{self.register.title}{NBSP}: {number(len(self.rows))} établissements retenus.{left}"


@cache
def columns() -> list[str]:
    """Return the columns of a row: those of the directory, then those of a register."""
    return [*read_schema(SCHEMAS / "acteurs.schema.json").columns, *EXTRA_COLUMNS]


def frame(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Return rows as a table of texts, one a key: the first that came."""
    whole = columns()
    unique = {row["cle"]: [row.get(name, "") for name in whole] for row in reversed(rows)}
    return pd.DataFrame(list(reversed(unique.values())), columns=pd.Index(whole, dtype=object), dtype=str)


def make_row(
    register: Register,
    names: CommuneNames,
    *,
    key: str,
    citation: str,
    day: str,
    name: str,
    code_insee: str = "",
    category: str = "",
    naf: str = "",
    naf_nomenclature: str = NAF_REV_2,
    headcount: str = "",
    headcount_year: str = "",
    remark: str = "",
    **cells: str,
) -> dict[str, str]:
    """Return a row of the directory from what a register prints.

    Its place is its commune: the registers do not say how good the points that they give are, so that the address is
    left to the geocoder. Its ``id`` is chosen when it enters the directory.
    """
    known = tranche(headcount)
    group = sector(naf, naf_nomenclature) if naf else ""
    activity = ""
    if naf:
        edition = EDITIONS.get(naf_nomenclature, naf_nomenclature)
        words = f", {SECTORS[group].label.lower()}" if group else ""
        activity = f"Activité principale{NBSP}: {naf} ({edition}{words})."
    row = {
        "nom": clean(name),
        "statut_ess": "non_imprime",
        "roles": "operateur",
        "precision": "commune" if code_insee else "aucune",
        "statut": "actif",
        "statut_date": day,
        "source": f"{register.document}:{citation}",
        "source_date": day[:7],
        "tranche_effectif": known,
        "effectif_imprime": f"{tranche_label(known)} ({headcount_year})" if known and headcount_year else "",
        "note": " ".join(part for part in (activity, remark) if part),
        "cle": key,
        "siren": cells.get("siret", "")[:9],
        "categorie_juridique": category,
        "naf": naf,
        "naf_nomenclature": naf_nomenclature if naf else "",
        "secteur": group,
    }
    if code_insee:
        row |= {
            "code_insee": code_insee,
            "commune": names.name(code_insee),
            "territoire_imprime": f"commune:{code_insee}",
            "lieu_source": f"{register.title} ({register.producer})",
            "lieu_date": day,
            "lieu_confiance": "probable",
        }
    return {name: str(value) for name, value in (row | cells).items()}
