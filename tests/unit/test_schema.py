"""What a valid table is, and what is said of a cell that does not fit."""

import json
from pathlib import Path

import pandas as pd
import pytest

from esscarto.errors import DataError
from esscarto.schema import Field, TableSchema, read_schema
from esscarto.settings import SCHEMAS


@pytest.fixture
def schema(tmp_path: Path) -> TableSchema:
    """A table of shops: an identifier, a name, a closed list, a list column, a number, a pattern."""
    fields = [
        {
            "name": "id",
            "title": "Identifiant",
            "type": "string",
            "constraints": {"required": True, "unique": True},
        },
        {"name": "nom", "type": "string", "constraints": {"required": True}},
        {"name": "etat", "type": "string", "constraints": {"enum": ["actif", "projet"]}},
        {"name": "themes", "type": "string", "separateur": "|", "valeurs": ["mobilite", "culture"]},
        {"name": "longitude", "type": "number"},
        {"name": "code_insee", "type": "string", "constraints": {"pattern": "[0-9][0-9AB][0-9]{3}"}},
    ]
    path = tmp_path / "shops.schema.json"
    path.write_text(json.dumps({"name": "shops", "fields": fields}), encoding="utf-8")
    return read_schema(path)


def field(schema: TableSchema, name: str) -> Field:
    return next(field for field in schema.fields if field.name == name)


def shop(**cells: str) -> dict[str, str]:
    return {"id": "a", "nom": "A", "etat": "", "themes": "", "longitude": "", "code_insee": "", **cells}


def test_a_schema_is_read_with_its_columns_in_order(schema: TableSchema):
    assert schema.name == "shops"
    assert schema.columns == ["id", "nom", "etat", "themes", "longitude", "code_insee"]
    assert field(schema, "id").title == "Identifiant"
    assert field(schema, "nom").title == "nom"


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("id", "quoi que ce soit"),
        ("nom", "NA"),
        ("nom", "None"),
        ("etat", ""),
        ("etat", "projet"),
        ("themes", "mobilite"),
        ("themes", "mobilite|culture"),
        ("themes", "mobilite | culture |"),
        ("longitude", "3.32"),
        ("longitude", "-0.5"),
        ("longitude", ""),
        ("code_insee", "02722"),
        ("code_insee", "2A004"),
    ],
)
def test_a_cell_that_fits_has_no_fault(schema: TableSchema, column: str, cell: str):
    assert field(schema, column).fault(cell) is None


@pytest.mark.parametrize(
    ("column", "cell", "message", "remedy"),
    [
        ("nom", "", "cette valeur est obligatoire", "Complétez-la."),
        ("etat", "actf", "« actf » n’est pas dans la liste", "Vouliez-vous dire « actif » ?"),
        ("etat", "zzz", "« zzz » n’est pas dans la liste", "Choisissez parmi : actif, projet."),
        (
            "themes",
            "mobilite|sport",
            "« sport » n’est pas dans la liste",
            "Choisissez parmi : mobilite, culture.",
        ),
        ("longitude", "3,32", "un nombre est attendu", "Écrivez par exemple 49.3812, avec un point."),
        ("longitude", "49°23'", "un nombre est attendu", "Écrivez par exemple 49.3812, avec un point."),
        ("longitude", "nan", "un nombre est attendu", "Écrivez par exemple 49.3812, avec un point."),
        ("longitude", "-inf", "un nombre est attendu", "Écrivez par exemple 49.3812, avec un point."),
        ("code_insee", "2722", "la forme n’est pas celle attendue", "Suivez le modèle [0-9][0-9AB][0-9]{3}"),
        (
            "code_insee",
            "02722\n",
            "la forme n’est pas celle attendue",
            "Suivez le modèle [0-9][0-9AB][0-9]{3}",
        ),
        ("code_insee", "٠٢٧٢٢", "la forme n’est pas celle attendue", "Suivez le modèle [0-9][0-9AB][0-9]{3}"),
    ],
)
def test_a_fault_says_what_is_wrong_and_how_to_mend_it(
    schema: TableSchema, column: str, cell: str, message: str, remedy: str
):
    assert field(schema, column).fault(cell) == (message, remedy)


@pytest.mark.parametrize("cell", [" ", "\u00a0", "\t"])
def test_a_required_cell_of_spaces_is_empty(schema: TableSchema, cell: str):
    assert field(schema, "nom").fault(cell) == ("cette valeur est obligatoire", "Complétez-la.")


def test_a_code_with_spaces_around_it_is_not_taken_as_it_is(schema: TableSchema):
    # The code that follows compares with "actif": a row that passes with " actif" breaks its card.
    assert field(schema, "etat").fault(" actif") is not None


@pytest.mark.parametrize("cell", ["4_9.5", "٣", "４９"])
def test_a_number_is_written_with_plain_digits(schema: TableSchema, cell: str):
    assert field(schema, "longitude").fault(cell) is not None


def test_a_problem_names_the_line_of_the_spreadsheet_the_column_and_the_value(schema: TableSchema):
    frame = pd.DataFrame([shop(id="a"), shop(id="b", etat="actf"), shop(id="c")])
    (problem,) = schema.problems(frame)
    # Line 1 is the header, so the second row stands on line 3.
    assert (problem.line, problem.column, problem.value) == (3, "etat", "actf")
    assert str(problem) == (
        "ligne 3, colonne « etat », valeur « actf » : « actf » n’est pas dans la liste. Vouliez-vous dire « actif » ?"
    )


def test_only_the_second_of_two_equal_identifiers_is_a_problem(schema: TableSchema):
    frame = pd.DataFrame([shop(id="a"), shop(id="b"), shop(id="a")])
    assert [(problem.line, problem.message) for problem in schema.problems(frame)] == [
        (4, "cet identifiant est déjà pris")
    ]


def test_two_faults_of_one_row_are_both_said(schema: TableSchema):
    frame = pd.DataFrame([shop(nom="", longitude="x")])
    assert [(problem.line, problem.column) for problem in schema.problems(frame)] == [
        (2, "nom"),
        (2, "longitude"),
    ]


def test_a_table_without_a_column_is_refused_with_the_names_that_are_missing(schema: TableSchema):
    frame = pd.DataFrame([shop()]).drop(columns=["nom", "etat"])
    with pytest.raises(DataError) as caught:
        schema.check_columns(frame, "shops.csv")
    assert caught.value.message == "il manque la colonne « nom », « etat »"
    assert caught.value.where == "shops.csv"
    assert "id, nom, etat, themes" in caught.value.remedy


def test_one_column_more_is_no_fault(schema: TableSchema):
    frame = pd.DataFrame([{**shop(), "memo": "x"}])
    schema.check_columns(frame, "shops.csv")
    assert list(schema.problems(frame)) == []


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.schema.json")), ids=lambda path: path.name)
def test_every_published_schema_can_be_read_and_names_each_column_once(path: Path):
    schema = read_schema(path)
    assert sorted(set(schema.columns)) == sorted(schema.columns)
    assert path.name == f"{schema.name}.schema.json"
    declared = json.loads(path.read_text(encoding="utf-8"))
    assert [column["name"] for column in declared["fields"] if not column.get("description")] == []
