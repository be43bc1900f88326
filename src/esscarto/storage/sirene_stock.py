"""Filter the stock files of Sirene (Parquet, some gigabytes) down to the establishments of some communes."""

from collections.abc import Collection
from pathlib import Path

from esscarto.errors import DataError

# Neither the names of persons nor the addresses at somebody's are among the columns that are read.
QUERY = """
select
    e.siret,
    u.denominationUniteLegale as nom,
    u.sigleUniteLegale as sigle,
    e.enseigne1Etablissement as enseigne,
    e.denominationUsuelleEtablissement as nom_commercial,
    u.categorieJuridiqueUniteLegale as categorie,
    u.economieSocialeSolidaireUniteLegale as ess,
    e.trancheEffectifsEtablissement as tranche,
    e.anneeEffectifsEtablissement as annee,
    e.activitePrincipaleEtablissement as naf,
    e.nomenclatureActivitePrincipaleEtablissement as nomenclature,
    e.numeroVoieEtablissement as numero,
    e.indiceRepetitionEtablissement as bis,
    e.typeVoieEtablissement as type_voie,
    e.libelleVoieEtablissement as voie,
    e.codePostalEtablissement as code_postal,
    e.codeCommuneEtablissement as code_insee
from read_parquet($establishments) e
join read_parquet($companies) u on lpad(cast(u.siren as varchar), 9, '0') = lpad(cast(e.siren as varchar), 9, '0')
where e.codeCommuneEtablissement in (select unnest($communes))
  and e.etatAdministratifEtablissement = 'A'
  and u.etatAdministratifUniteLegale = 'A'
  and e.statutDiffusionEtablissement = 'O'
  and u.statutDiffusionUniteLegale = 'O'
  and cast(u.categorieJuridiqueUniteLegale as varchar) <> '1000'
  and (u.economieSocialeSolidaireUniteLegale = 'O'
       or lpad(cast(u.siren as varchar), 9, '0') in (select unnest($sirens)))
order by e.siret
"""


def read_stock(
    companies: Path, establishments: Path, communes: Collection[str], sirens: Collection[str] = ()
) -> list[dict[str, str]]:
    """Read the open establishments of some communes whose company is of the ESS.

    A company is of the ESS when the register says so (``economieSocialeSolidaireUniteLegale``) or when its number is
    among ``sirens``: this is the rule of the public directory of companies, which adds the national list of the ESS.

    Parameters
    ----------
    companies, establishments : pathlib.Path
        ``StockUniteLegale_utf8.parquet`` and ``StockEtablissement_utf8.parquet``.
    communes : collection of str
        Insee codes, former ones included.
    sirens : collection of str
        Numbers of companies of the national list.

    Raises
    ------
    DataError
        When duckdb is not installed, or a file is missing or is not of the stock.
    """
    try:
        import duckdb
    except ImportError as error:
        raise DataError(
            "la lecture des fichiers stock de Sirene demande le module duckdb, qui n’est pas installé",
            remedy="Installez-le (pip install duckdb), ou interrogez l’API avec « esscarto import sirene ».",
        ) from error
    for path in (companies, establishments):
        if not path.is_file():
            raise DataError("ce fichier n’existe pas", path.name, "Téléchargez les fichiers stock de Sirene (Parquet).")
    given = {
        "companies": str(companies),
        "establishments": str(establishments),
        "communes": sorted(communes),
        "sirens": sorted(sirens) or [""],
    }
    try:
        with duckdb.connect() as base:
            # Nothing but the two files may be opened or fetched.
            base.execute("set autoinstall_known_extensions = false; set autoload_known_extensions = false")
            found = base.execute(QUERY, given)
            titles = [column[0] for column in found.description or ()]
            return [
                {title: "" if cell is None else str(cell).strip() for title, cell in zip(titles, row, strict=True)}
                for row in found.fetchall()
            ]
    except duckdb.Error as error:
        where = f"{companies.name}, {establishments.name}"
        remedy = "Donnez StockUniteLegale_utf8.parquet, puis StockEtablissement_utf8.parquet."
        raise DataError("ces fichiers ne sont pas les fichiers stock de Sirene", where, remedy) from error
