import sys

import pandas as pd
import pytest
from register_places import PLOISY, SOISSONS

from esscarto.errors import DataError
from esscarto.registers.stock import read_sirene_stock

COMMUNES = frozenset({SOISSONS, PLOISY})
DAY = "2026-11-01"


def unit(siren, name, **cells):
    return {
        "siren": siren,
        "statutDiffusionUniteLegale": "O",
        "denominationUniteLegale": name,
        "sigleUniteLegale": None,
        "nomUniteLegale": "EXEMPLE",
        "prenom1UniteLegale": "CAMILLE",
        "categorieJuridiqueUniteLegale": "9220",
        "economieSocialeSolidaireUniteLegale": "O",
        "etatAdministratifUniteLegale": "A",
        **cells,
    }


def place(siret, **cells):
    return {
        "siren": siret[:9],
        "siret": siret,
        "statutDiffusionEtablissement": "O",
        "etatAdministratifEtablissement": "A",
        "trancheEffectifsEtablissement": "12",
        "anneeEffectifsEtablissement": "2023",
        "activitePrincipaleEtablissement": "88.99B",
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
        "enseigne1Etablissement": "L'ESSAI",
        "denominationUsuelleEtablissement": None,
        "complementAdresseEtablissement": "CHEZ MME EXEMPLE",
        "numeroVoieEtablissement": "3",
        "indiceRepetitionEtablissement": None,
        "typeVoieEtablissement": "RUE",
        "libelleVoieEtablissement": "DES ESSAIS",
        "codePostalEtablissement": "02200",
        "codeCommuneEtablissement": SOISSONS,
        **cells,
    }


@pytest.fixture
def stock(tmp_path, territories):
    pytest.importorskip("duckdb")

    def read(units, places, sirens=()):
        paths = (tmp_path / "StockUniteLegale_utf8.parquet", tmp_path / "StockEtablissement_utf8.parquet")
        for path, rows in zip(paths, (units, places), strict=True):
            pd.DataFrame(rows, dtype=object).astype("string").to_parquet(path)
        return read_sirene_stock(*paths, territories, COMMUNES, DAY, sirens)

    return read


def test_an_establishment_of_the_stock_becomes_a_row_without_its_people(stock, check_rows):
    reading = stock([unit("012345678", "ASSOCIATION ESSAI")], [place("01234567800011")])
    row = check_rows(reading).loc["01234567800011"]
    said = ["nom", "aliases", "statut_ess", "famille", "adresse", "code_insee", "tranche_effectif", "secteur", "source"]
    assert row[said].tolist() == [
        "ASSOCIATION ESSAI",
        "L'ESSAI",
        "statut",
        "association",
        "3 RUE DES ESSAIS",
        SOISSONS,
        "12",
        "action_sociale",
        "904:01234567800011",
    ]
    assert "EXEMPLE" not in reading.rows.to_csv()
    assert "CAMILLE" not in reading.rows.to_csv()


def test_what_is_closed_elsewhere_hidden_or_not_of_the_ess_is_not_read(stock):
    units = [
        unit("100000001", "A"),
        unit("100000002", "B", etatAdministratifUniteLegale="C"),
        unit("100000003", "C", economieSocialeSolidaireUniteLegale="N"),
        unit("100000004", "D", economieSocialeSolidaireUniteLegale=None),
        unit("100000005", "E", statutDiffusionUniteLegale="P"),
        unit("100000006", "[ND]"),
        unit("100000007", None, categorieJuridiqueUniteLegale="1000"),
    ]
    places = [place(f"{each['siren']}00011") for each in units]
    places += [
        place("10000000100029", etatAdministratifEtablissement="F"),
        place("10000000100037", codeCommuneEtablissement="75056"),
        place("10000000100045", statutDiffusionEtablissement="N"),
    ]
    assert stock(units, places).rows["siret"].tolist() == ["10000000100011"]


def test_a_company_of_the_national_list_is_of_the_ess(stock):
    units = [unit("100000004", "D", economieSocialeSolidaireUniteLegale=None, categorieJuridiqueUniteLegale="5710")]
    rows = stock(units, [place("10000000400011")], {"100000004"}).rows
    assert rows["famille"].tolist() == ["societe_commerciale_ess"]


def test_other_parquet_files_are_refused_in_french(tmp_path, territories):
    pytest.importorskip("duckdb")
    path = tmp_path / "autre.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(path)
    with pytest.raises(DataError, match="ne sont pas les fichiers stock"):
        read_sirene_stock(path, path, territories, COMMUNES)
    with pytest.raises(DataError, match="n’existe pas"):
        read_sirene_stock(path, tmp_path / "x.parquet", territories, COMMUNES)


def test_without_duckdb_the_person_is_told_what_to_install(tmp_path, territories, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(DataError, match=r"demande le module duckdb, qui n’est pas installé. Installez-le"):
        read_sirene_stock(tmp_path / "a", tmp_path / "b", territories, COMMUNES)
