"""What the official lists say of communes, EPCI and populations; and what a layer takes of them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from esscarto.errors import DataError

PETR_COLUMNS = ("petr", "nom", "siren_epci", "nom_epci", "source", "date")
CODE_INSEE = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)
SIREN = re.compile(r"\d{9}", re.ASCII)
PETR_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
OVERSEAS = ("97", "98")
"""First digits of the codes of the communes where Lambert-93 does not hold."""


@dataclass(frozen=True)
class Reference:
    """The official lists of one year.

    Parameters
    ----------
    communes : pandas.DataFrame
        Index ``code_insee``; ``nom`` (with its article), ``siren``, ``siren_epci`` (None outside any EPCI),
        ``code_departement``, ``code_region``, ``codes_postaux`` (joined by ``|``), ``population``
        (inhabitants, the year kept), ``population_epci`` (inhabitants, the year of the list of EPCI).
        Populations are nullable integers.
    epci : pandas.DataFrame
        Index ``siren_epci``; ``nom``, ``nature`` (CA, CC, CU, ME).
    departements : pandas.DataFrame
        Index ``code_departement``; ``nom``, ``code_region``.
    regions : pandas.DataFrame
        Index ``code_region``; ``nom``.
    former : pandas.DataFrame
        ``code_ancien`` (unique), ``nom`` ("" when not printed), ``type``, ``code_insee`` of today.
    shared : dict of str to tuple of str
        Former codes whose ground went to several communes of today: they point to none.
    version, year, epci_year : str
        Version of the package, year of its lists of communes and of EPCI as the package prints them
        ("" when it does not).
    """

    communes: pd.DataFrame
    epci: pd.DataFrame
    departements: pd.DataFrame
    regions: pd.DataFrame
    former: pd.DataFrame
    shared: dict[str, tuple[str, ...]]
    version: str
    year: str
    epci_year: str

    def today(self, codes: pd.Series) -> pd.Series:
        """Return the code of today for codes old or new; missing where nobody knows the code."""
        current = codes.where(codes.isin(self.communes.index))
        return current.fillna(codes.map(self.former.set_index("code_ancien")["code_insee"]))

    def former_codes(self, code_insee: str) -> list[str]:
        """Return the former codes whose ground is in a commune of today, its own excepted."""
        rows = self.former[self.former["code_insee"] == code_insee]
        return [code for code in rows["code_ancien"] if code != code_insee]

    def title(self, code_insee: str) -> str:
        """Return ``Pargny-et-Filain (02589)``."""
        return f"{self.communes.at[code_insee, 'nom']} ({code_insee})"

    def former_title(self, code_ancien: str) -> str:
        """Return ``Bermeries (59070)``, or ``l’ancienne commune 02311`` when its name is not printed."""
        name = self.former.set_index("code_ancien")["nom"].get(code_ancien)
        return f"{name} ({code_ancien})" if name else f"l’ancienne commune {code_ancien}"


def check_petr(petr: pd.DataFrame, reference: Reference) -> None:
    """Refuse a table of PETR that cannot be built.

    Parameters
    ----------
    petr : pandas.DataFrame
        Text columns of :data:`PETR_COLUMNS`, one row an EPCI. ``petr`` and ``nom`` empty: an EPCI wanted in
        the layers without being in a PETR.
    reference : Reference
        The lists the codes are looked up in.

    Raises
    ------
    DataError
        Missing column, bad identifier, unknown SIREN, EPCI in two PETR, PETR with two names, no source.
    """
    where = "petr.csv"
    missing = [name for name in PETR_COLUMNS if name not in petr.columns]
    if missing:
        raise DataError(f"colonne absente : {', '.join(missing)}", where, f"Colonnes : {','.join(PETR_COLUMNS)}.")
    for line, row in enumerate(petr.itertuples(index=False), start=2):
        here = f"{where}, ligne {line}"
        siren = str(row.siren_epci)
        if not SIREN.fullmatch(siren):
            raise DataError(f"« {siren} » n’est pas un SIREN", here, "Écrivez les neuf chiffres de l’EPCI.")
        if siren not in reference.epci.index:
            remedy = "Cherchez son SIREN d’aujourd’hui : l’EPCI a pu fusionner."
            raise DataError(f"l’EPCI {siren} n’est pas dans la liste {reference.epci_year}", here, remedy)
        if bool(row.petr) != bool(row.nom) or (row.petr and not PETR_ID.fullmatch(str(row.petr))):
            remedy = "Un identifiant en minuscules, chiffres et tirets, et un nom ; ou les deux vides."
            raise DataError(f"« {row.petr} » et « {row.nom} » ne nomment pas un PETR", here, remedy)
        if not row.source or not row.date:
            raise DataError("la source ou sa date manque", here, "Dites d’où vient cette appartenance, et de quand.")
    doubled = petr.loc[petr["siren_epci"].duplicated(), "siren_epci"].unique()
    if len(doubled):
        raise DataError(f"EPCI présent deux fois : {', '.join(doubled)}", where, "Un EPCI appartient à un seul PETR.")
    names = petr[petr["petr"] != ""].groupby("petr")["nom"].nunique()
    if (names > 1).any():
        raise DataError(f"PETR à plusieurs noms : {', '.join(names.index[names > 1])}", where, "Gardez un seul nom.")


def scope_of(reference: Reference, regions: Sequence[str], sirens: Iterable[str]) -> pd.Index:
    """Return the codes of the communes to draw: whole régions, and no EPCI cut.

    Parameters
    ----------
    reference : Reference
        The official lists.
    regions : sequence of str
        Codes of the régions wanted whole.
    sirens : iterable of str
        SIREN of the EPCI wanted besides.

    Returns
    -------
    pandas.Index
        Codes, sorted: the communes of the régions, and of every EPCI that has one there or is wanted.

    Raises
    ------
    DataError
        Unknown région, nothing asked for, commune outside mainland France, commune without a population.
    """
    communes = reference.communes
    unknown = sorted(set(regions) - set(reference.regions.index))
    if unknown:
        remedy = "Codes Insee des régions : 32 pour les Hauts-de-France, 24 pour le Centre-Val de Loire…"
        raise DataError(f"région inconnue : {', '.join(unknown)}", "périmètre", remedy)
    inside = communes["code_region"].isin(regions)
    wanted = set(communes.loc[inside, "siren_epci"].dropna()) | set(sirens)
    scope = communes[inside | communes["siren_epci"].isin(wanted)].sort_index()
    if scope.empty:
        raise DataError("aucune commune demandée", "périmètre", "Donnez une région ou un EPCI dans petr.csv.")
    overseas = scope.index[scope.index.str.startswith(OVERSEAS)]
    if len(overseas):
        raise DataError(
            f"{reference.title(overseas[0])} est hors de France métropolitaine",
            "périmètre",
            "Distances et surfaces sont calculées en Lambert-93, qui ne vaut qu’en métropole.",
        )
    unpeopled = scope.index[scope["population"].isna()]
    if len(unpeopled):
        raise DataError(f"population absente pour {reference.title(unpeopled[0])}", f"découpage {reference.version}")
    return scope.index


def population_year(by_region: pd.Series, published: pd.DataFrame) -> str | None:
    """Tell the year of populations from the totals the Insee published for régions.

    Parameters
    ----------
    by_region : pandas.Series
        Inhabitants, by ``code_region``, summed from communes.
    published : pandas.DataFrame
        ``year``, ``code_region``, ``population``.

    Returns
    -------
    str or None
        The only year of which every published total is met to the inhabitant, None otherwise.
    """
    years = [
        str(year)
        for year, totals in published.groupby("year")
        if (totals["code_region"].map(by_region).fillna(-1).astype(int) == totals["population"].astype(int)).all()
    ]
    return years[0] if len(years) == 1 else None
