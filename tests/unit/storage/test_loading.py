"""Reading the data folder: what cannot be read is said in French, one bad row never costs the others."""

import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from esscarto.errors import DataError
from esscarto.schema import TableSchema, read_schema
from esscarto.settings import SCHEMAS, SITE
from esscarto.storage.loading import (
    LAYER_FILES,
    Table,
    read_actors,
    read_documents,
    read_figures,
    read_relations,
    read_table,
    read_territories,
)
from esscarto.territories import LEVEL_COLUMNS, Territory

Write = Callable[[str | bytes], Table]
DATA = SITE / "data"


@pytest.fixture(scope="module")
def schema() -> TableSchema:
    return read_schema(SCHEMAS / "acteurs.schema.json")


@pytest.fixture(scope="module")
def good(make_rows: Callable[..., pd.DataFrame]) -> list[str]:
    """The header and four lines that fit."""
    rows = make_rows(*({"id": name, "nom": f"Nom {name}"} for name in "abcd"))
    return rows.to_csv(index=False, lineterminator="\n").splitlines()


@pytest.fixture
def written(tmp_path: Path, schema: TableSchema) -> Write:
    """Write a file and read it as the table of actors."""

    def write(content: str | bytes) -> Table:
        path = tmp_path / "actors.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(path, schema)

    return write


def ids(table: Table) -> list[str]:
    return table.rows["id"].tolist()


def said(table: Table) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in table.problems]


# ---- tables that hold


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a BOM"])
def test_a_good_table_is_read_whatever_its_line_ends(written: Write, good: list[str], mark: bytes, end: str):
    table = written(mark + end.join(good).encode())
    assert ids(table) == ["a", "b", "c", "d"]
    assert table.problems == ()


def test_a_header_alone_is_an_empty_table(written: Write, good: list[str]):
    assert len(written(good[0]).rows) == 0


@pytest.mark.parametrize("name", ["NA", "null", "None", "N/A", "nan", "01234567800012", "1e5", "TRUE"])
def test_a_cell_is_text_and_nothing_else(written: Write, good: list[str], name: str):
    table = written("\n".join([good[0], good[1].replace("Nom a", name)]))
    assert table.rows["nom"].tolist() == [name]


def test_a_code_keeps_its_leading_zero(written: Write, make_rows: Callable[..., pd.DataFrame]):
    rows = make_rows({"code_insee": "02722", "code_postal": "02200", "siret": "01234567800012"})
    table = written(rows.to_csv(index=False))
    assert table.rows[["code_insee", "code_postal", "siret"]].values.tolist() == [["02722", "02200", "01234567800012"]]


def test_a_hostile_name_is_read_as_it_is(written: Write, make_rows: Callable[..., pd.DataFrame], hostile: str):
    table = written(make_rows({"nom": hostile}).to_csv(index=False))
    assert table.rows["nom"].tolist() == [hostile]


def test_one_column_more_or_another_order_is_no_fault(written: Write, make_rows: Callable[..., pd.DataFrame]):
    rows = make_rows({"id": "a"}).assign(memo="x")
    table = written(rows[rows.columns[::-1]].to_csv(index=False))
    assert ids(table) == ["a"]


# ---- rows that do not


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"id": "B b"}, "id"),
        ({"id": ""}, "id"),
        ({"id": "a"}, "id"),
        ({"nom": ""}, "nom"),
        ({"statut_ess": "oui"}, "statut_ess"),
        ({"types": "esat|essat"}, "types"),
        ({"longitude": "3,32"}, "longitude"),
        ({"latitude": "inf"}, "latitude"),
        ({"code_insee": "2722"}, "code_insee"),
        ({"territoire": "canton:0201"}, "territoire"),
        ({"site_web": "javascript:alert(1)"}, "site_web"),
        ({"site_web": "data:text/html,x"}, "site_web"),
        ({"siret": "1,23457E+13"}, "siret"),
        ({"siret": "1234567890123"}, "siret"),
        ({"source": ""}, "source"),
        ({"source": "page 3"}, "source"),
        ({"statut_date": "12/2024"}, "statut_date"),
    ],
    ids=str,
)
def test_a_bad_row_is_set_apart_and_the_others_are_kept(
    written: Write, make_rows: Callable[..., pd.DataFrame], cells: dict[str, str], column: str
):
    """N - 1 of N: the third line of the file is bad, the three others stay."""
    rows = make_rows({"id": "a"}, {"id": "b", **cells}, {"id": "c"}, {"id": "d"})
    table = written(rows.to_csv(index=False))
    assert ids(table) == ["a", "c", "d"]
    assert (3, column) in said(table)
    assert {line for line, _ in said(table)} == {3}


def test_every_bad_row_is_said_and_every_good_one_kept(written: Write, make_rows: Callable[..., pd.DataFrame]):
    rows = make_rows({"id": "a", "nom": ""}, {"id": "b"}, {"id": "c", "statut": "?"}, {"id": "d"}, {"id": "b"})
    table = written(rows.to_csv(index=False))
    assert ids(table) == ["b", "d"]
    assert sorted(said(table)) == [(2, "nom"), (4, "statut"), (6, "id")]


def test_a_short_row_is_a_bad_row(written: Write, good: list[str]):
    table = written("\n".join([*good[:3], "short,row", *good[3:]]))
    assert ids(table) == ["a", "b", "c", "d"]
    assert {line for line, _ in said(table)} == {4}


def test_a_cell_over_several_lines_counts_as_one_line(written: Write, make_rows: Callable[..., pd.DataFrame]):
    rows = make_rows({"id": "a", "note": "un\ndeux\ntrois"}, {"id": "b", "nom": ""})
    table = written(rows.to_csv(index=False))
    assert ids(table) == ["a"]
    assert said(table) == [(3, "nom")]


@pytest.mark.parametrize("at", [1, 2, 4], ids=["first", "second", "last"])
def test_a_long_row_is_a_bad_row(written: Write, good: list[str], at: int):
    lines = [*good[:at], f"{good[at]},extra", *good[at + 1 :]]
    table = written("\n".join(lines))
    assert len(table.rows) == 3
    assert {line for line, _ in said(table)} == {at + 1}


def test_a_blank_line_does_not_move_the_lines_that_are_said(written: Write, good: list[str]):
    bad = good[2].replace("Nom b", "")
    table = written("\n".join([good[0], good[1], "", bad]))
    assert (4, "nom") in said(table)


# ---- files that cannot be read


@pytest.mark.parametrize("name", ["actors.csv", "dossier"], ids=["missing file", "a folder instead of a file"])
def test_a_missing_file_is_said_with_its_name_and_no_path(tmp_path: Path, schema: TableSchema, name: str):
    (tmp_path / "dossier").mkdir()
    with pytest.raises(DataError, match="ce tableau manque") as caught:
        read_table(tmp_path / name, schema)
    assert caught.value.where == name
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le"])
def test_a_file_that_is_not_utf8_is_refused(written: Write, good: list[str], encoding: str):
    content = "\n".join(good).replace("Nom a", "Cœur à 5 €").encode(encoding)
    with pytest.raises(DataError, match="pas en UTF-8") as caught:
        written(content)
    assert caught.value.remedy == "Enregistrez-le en « CSV UTF-8 »."


def test_a_table_separated_by_semicolons_is_refused_with_the_columns_expected(written: Write, good: list[str]):
    with pytest.raises(DataError, match="il manque la colonne « id »") as caught:
        written("\n".join(good).replace(",", ";"))
    assert caught.value.remedy.startswith("Colonnes attendues : id, organisation, nom")


@pytest.mark.parametrize("column", ["id", "nom", "source"])
def test_a_missing_column_is_named(written: Write, make_rows: Callable[..., pd.DataFrame], column: str):
    with pytest.raises(DataError, match=f"il manque la colonne « {column} »"):
        written(make_rows({"id": "a"}).drop(columns=column).to_csv(index=False))


@pytest.mark.parametrize("header", ["ID", " id", "identifiant", "id "])
def test_a_column_that_is_named_otherwise_is_missing(written: Write, good: list[str], header: str):
    with pytest.raises(DataError, match="il manque la colonne « id »"):
        written("\n".join([good[0].replace("id,", f"{header},", 1), *good[1:]]))


def test_a_quote_that_is_never_closed_is_refused(written: Write, good: list[str]):
    with pytest.raises(DataError, match="pas un tableau régulier"):
        written("\n".join([*good, '"e,e,E']))


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_refused_in_french(written: Write, content: str):
    with pytest.raises(DataError):
        written(content)


def test_a_column_given_twice_is_refused_in_french(written: Write, good: list[str]):
    with pytest.raises(DataError):
        written("\n".join([f"{good[0]},nom", *(f"{line},x" for line in good[1:])]))


def test_a_table_of_spaces_has_no_column(written: Write):
    with pytest.raises(DataError, match="il manque la colonne « id »"):
        written("   ")


# ---- the shipped tables and layers


@pytest.mark.parametrize("read", [read_actors, read_figures, read_relations])
def test_the_shipped_tables_fit_their_schemas(read: Callable[[Path], Table]):
    table = read(DATA)
    assert [str(problem) for problem in table.problems] == []
    assert table.rows["id"].is_unique


def test_the_shipped_documents_are_numbered():
    documents = read_documents(DATA)
    assert list(documents) == ["000", "001", "002", "003", "004"]
    assert documents["001"]["titre_court"]


def test_the_shipped_layers_are_indexed_by_their_codes():
    territories = read_territories(DATA / "geo")
    for level, layer in territories.layers.items():
        assert layer.crs is not None
        assert layer.crs.to_epsg() == 4326
        assert layer.index.is_unique
        assert layer.index.tolist() == layer[LEVEL_COLUMNS[level]].tolist()
    assert Territory("petr", "soissonnais-valois") in territories
    assert territories.vintages["communes"]


def test_a_departement_that_is_only_partly_drawn_is_nobody_s_territory():
    # CC du Pays Houdanais (247800550) is astride: its communes of the Yvelines (78) are drawn, the Yvelines are not.
    communes = read_territories(DATA / "geo").communes
    houdanais = communes[communes["siren_epci"] == "247800550"]
    assert "78" not in set(houdanais["code_departement"].dropna())
    assert houdanais["code_departement"].isna().any()


@pytest.fixture
def geo(tmp_path: Path) -> Path:
    """A copy of the shipped layers, to be broken."""
    return Path(shutil.copytree(DATA / "geo", tmp_path / "geo", ignore=shutil.ignore_patterns("*.md")))


@pytest.mark.parametrize("file", LAYER_FILES.values())
def test_a_missing_layer_is_said_with_the_command_that_makes_it(geo: Path, file: str):
    (geo / file).unlink()
    with pytest.raises(DataError, match="cette couche manque") as caught:
        read_territories(geo)
    assert caught.value.where == file
    assert "esscarto geo build" in caught.value.remedy


@pytest.mark.parametrize("crs", ["EPSG:2154", None], ids=["Lambert-93", "no CRS"])
def test_a_layer_in_another_crs_is_refused(geo: Path, crs: str | None):
    path = geo / "petr.parquet"
    layer = gpd.read_parquet(path)
    layer = layer.to_crs(crs) if crs else layer.set_crs(None, allow_override=True)
    layer.to_parquet(path)
    with pytest.raises(DataError, match="n’est pas en EPSG:4326") as caught:
        read_territories(geo)
    assert caught.value.where == "petr.parquet"


@pytest.mark.parametrize(
    ("file", "kept"),
    [("petr.parquet", 40), ("former_communes.csv", None), ("vintages.json", None), ("vintages.json", 40)],
    ids=["cut layer", "no former communes", "no vintages", "cut vintages"],
)
def test_whatever_is_broken_in_the_layers_is_said_in_french(geo: Path, file: str, kept: int | None):
    path = geo / file
    content = path.read_bytes()
    path.unlink()
    if kept:
        path.write_bytes(content[:kept])
    with pytest.raises(DataError):
        read_territories(geo)


def test_missing_documents_are_said_in_french(tmp_path: Path):
    with pytest.raises(DataError):
        read_documents(tmp_path)
