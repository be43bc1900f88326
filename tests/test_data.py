"""The data: what a program can prove of each table by itself. What the lines print: test_data_sources.py."""

import csv
import io
import json
import re
from collections import Counter

import geopandas as gpd
import pytest

from esscarto import vocabulary
from esscarto.figures import say
from esscarto.french import fold
from esscarto.network import STATES
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.site import Site
from esscarto.storage.loading import read_table
from esscarto.territories import METRIC_CRS, Territory
from tests.sources import (
    DATA,
    OUTSIDE,
    PRACTICES,
    SCHEMA_OF,
    TABLES,
    TEXTS,
    cited_rows,
    lines_of,
    listed,
    parts,
    practice_schema,
    read_rows,
    strings,
)

ACTORS, FIGURES, RELATIONS = TABLES["actors"], TABLES["figures"], TABLES["relations"]
SUPPORTS, PROGRAMMES, INDICATORS = TABLES["supports"], TABLES["programmes"], TABLES["indicators"]
ORGANISATIONS = {row["organisation"] for row in ACTORS}
DOCUMENTS = {row["document"]: row for row in read_rows(DATA / "documents.csv")}

FUNCTIONS = {"accueil", "amiens", "contact", "dga", "direction", "ess"}
"""What may stand before the @ of an address: a service, a function or a shop, never a person."""


# ---- Each table against its schema


@pytest.mark.parametrize("name", SCHEMA_OF)
def test_a_table_fits_its_published_schema(name: str):
    schema = read_schema(SCHEMAS / f"{SCHEMA_OF[name]}.schema.json")
    assert [str(problem) for problem in read_table(DATA / f"{name}.csv", schema).problems] == []
    assert list(TABLES[name][0]) == schema.columns
    lists = [field.name for field in schema.fields if field.is_list]
    cells = [listed(row[column]) for row in TABLES[name] for column in lists]
    assert [values for values in cells if len(set(values)) < len(values) or "" in values] == []


@pytest.mark.parametrize("name", [*(f"{name}.csv" for name in SCHEMA_OF), "documents.csv", "geo/petr.csv"])
def test_a_table_is_plain_utf8_with_tidy_cells_and_regular_lines(name: str):
    assert not TEXTS[name].startswith("\ufeff")
    assert b"\r" not in (DATA / name).read_bytes()
    rows = list(csv.reader(io.StringIO(TEXTS[name])))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [cell for row in rows for cell in row if cell != cell.strip() or "  " in cell] == []


def test_the_readme_of_the_data_describes_each_file_and_each_column():
    described = set(re.findall(r"`([^`]+)`", TEXTS["README.md"])) | set(re.findall(r"\]\((\S+)\)", TEXTS["README.md"]))
    files = {path.name for path in DATA.rglob("*") if path.is_file() and path.parent.name != "practices"}
    assert files - {"README.md"} <= {name.removeprefix("geo/") for name in described}
    columns = {
        column
        for name in (*SCHEMA_OF, "documents", "geo/petr")
        for column in TEXTS[f"{name}.csv"].split("\n")[0].split(",")
    }
    assert columns <= described


@pytest.mark.parametrize("name", SCHEMA_OF)
def test_no_two_rows_have_the_same_key(name: str):
    declared = json.loads((SCHEMAS / f"{SCHEMA_OF[name]}.schema.json").read_text(encoding="utf-8"))
    key = [declared["primaryKey"]] if isinstance(declared["primaryKey"], str) else declared["primaryKey"]
    assert len({tuple(row[column] for column in key) for row in TABLES[name]}) == len(TABLES[name])


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("actors", ["nom", "code_insee", "territoire"]),
        ("figures", ["sujet", "indicateur", "annee", "perimetre"]),
        ("relations", ["de", "relation", "vers"]),
        ("programmes", ["nom"]),
        ("indicators", ["libelle"]),
        ("competences", ["action_libelle"]),
    ],
)
def test_no_two_rows_say_the_same_thing(name: str, columns: list[str]):
    said = Counter(tuple(fold(row[column]) for column in columns) for row in TABLES[name])
    assert [row for row, times in said.items() if times > 1] == []


def test_a_partnership_is_written_once_not_in_both_directions():
    pairs = Counter(frozenset((r["de"], r["vers"])) for r in RELATIONS if r["relation"] == "partenaire_de")
    assert [sorted(pair) for pair, times in pairs.items() if times > 1] == []
    assert [row["id"] for row in RELATIONS if row["de"] == row["vers"]] == []


@pytest.mark.parametrize("name", PRACTICES)
def test_a_practice_fits_its_schema(name: str):
    practice, schema = PRACTICES[name], practice_schema()
    tables = [(table, row) for table in schema if table for row in practice.get(table, [])]
    for table, row in [("", practice), *tables]:
        always = {field for field, (presence, _) in schema[table].items() if presence == "toujours"}
        assert always <= set(row) <= set(schema[table])
        assert {field for field, value in row.items() if value == ""} <= {"organisation"}
    assert practice["id"] == name
    for field in ("nature", "etat"):
        assert practice[field] in re.findall(r"`(\w+)`", schema[""][field][1])
    assert practice["themes"]
    assert set(practice["themes"]) <= set(vocabulary.THEMES)
    assert set(practice["types"]) <= set(vocabulary.TYPES)
    assert "'" not in "".join(strings(practice))
    for _, row in tables:
        assert lines_of(row["source"]) <= lines_of(practice["source"])
        assert ("valeur" in row) == ("unite" in row) == ("qualite" in row)


@pytest.mark.parametrize("schema", [*SCHEMA_OF.values()])
def test_every_closed_list_is_the_one_of_the_vocabulary(schema: str):
    lists = {
        "themes": vocabulary.THEMES,
        "types": vocabulary.TYPES,
        "etat": STATES,
        "statut_ess": vocabulary.STATUTS_ESS,
        "famille": vocabulary.FAMILLES,
        "roles": vocabulary.ROLES,
        "precision": vocabulary.PRECISIONS,
        "statut": vocabulary.STATUTS,
        "lieu_confiance": vocabulary.CONFIANCES,
        "tranche_effectif": vocabulary.TRANCHES,
    }
    for field in read_schema(SCHEMAS / f"{schema}.schema.json").fields:
        if field.name in lists:
            assert sorted(field.allowed) == sorted(lists[field.name]), field.name
        if field.pattern and "commune:" in field.pattern.pattern:
            assert set(re.findall(r"([a-z]+):", field.pattern.pattern)) == set(vocabulary.LEVELS)


# ---- Codes and references


def cited_territories() -> dict[str, str]:
    """Return each territory that data/ cites, and one row that cites it."""
    found = {f"commune:{row['code_insee']}": row["id"] for row in ACTORS if row["code_insee"]}
    for name, rows in TABLES.items():
        for row in rows:
            for column in ("territoire_imprime", "territoire", "sujet"):
                found[row.get(column, "")] = f"{name} {next(iter(row.values()))}"
    for name, practice in PRACTICES.items():
        found |= dict.fromkeys(listed(practice["lieu_imprime"]), name)
    return {text: row for text, row in found.items() if text.partition(":")[0] in vocabulary.LEVELS}


def test_every_code_is_in_the_layers_or_in_the_list_of_those_outside(site: Site):
    cited = cited_territories()
    unknown = {text for text in cited if Territory.parse(text) not in site.territories}
    assert {text: cited[text] for text in unknown - set(OUTSIDE)} == {}
    assert unknown == set(OUTSIDE)


def test_each_commune_has_its_official_name_and_postcode(site: Site):
    communes = site.territories.communes
    for row in ACTORS:
        assert bool(row["commune"]) == bool(row["code_insee"]), row["id"]
        code = row["code_insee"]
        if f"commune:{code}" in OUTSIDE:
            assert row["commune"] == OUTSIDE[f"commune:{code}"]
        elif code:
            assert row["commune"] == communes.at[code, "nom"], row["id"]
            assert row["code_postal"] in communes.at[code, "codes_postaux"], row["id"]


def test_petr_csv_gives_each_petr_its_epci(site: Site):
    rows, epci = read_rows(DATA / "geo/petr.csv"), site.territories.layers["epci"]
    of_each = Counter(row["petr"] for row in rows)
    assert (of_each["soissonnais-valois"], of_each["coeur-hauts-de-france"]) == (4, 3)
    assert len({row["siren_epci"] for row in rows}) == len(rows)
    for row in rows:
        assert epci.at[row["siren_epci"], "petr"] == row["petr"]
        assert fold(epci.at[row["siren_epci"], "nom"]).startswith(fold(row["nom_epci"]))
        assert site.territories.layers["petr"].at[row["petr"], "nom"] == row["nom"]
        assert DOCUMENTS[row["source"][:3]]["date"] == row["date"]


def test_every_organisation_that_is_cited_is_in_the_directory():
    cited = [(row["id"], row[end]) for row in RELATIONS for end in ("de", "vers")]
    cited += [(row["role"], row["organisation"]) for row in SUPPORTS]
    cited += [(row["id"], name) for row in PROGRAMMES for name in listed(row["porteurs"])]
    cited += [(row["id"], row["sujet"][7:]) for row in FIGURES if row["sujet"].startswith("acteur:")]
    for name, practice in PRACTICES.items():
        rows = [practice, *practice.get("financements", []), *practice.get("partenaires", [])]
        cited += [(name, row["organisation"]) for row in rows if row.get("organisation")]
    assert [row for row in cited if row[1] not in ORGANISATIONS] == []


def test_a_figure_of_a_practice_or_of_a_theme_is_of_one_that_exists():
    subjects = [row["sujet"].split(":") for row in FIGURES if row["sujet"] != "france"]
    assert {code for kind, code in subjects if kind == "pratique"} <= set(PRACTICES)
    assert {code for kind, code in subjects if kind == "theme"} <= set(vocabulary.THEMES)


def test_every_indicator_is_described_once_used_and_keeps_its_unit():
    units = {row["indicateur"]: row["unite"] for row in INDICATORS}
    assert {row["indicateur"] for row in FIGURES} == set(units)
    one = [re.sub(r"s\b", "", units[row["indicateur"]]) == row["unite"] for row in FIGURES]
    same = [units[row["indicateur"]] == row["unite"] for row in FIGURES]
    alone = [row["valeur"] == "1" for row in FIGURES]
    odd = zip(FIGURES, same, one, alone, strict=True)
    assert [row["id"] for row, equal, singular, single in odd if not (equal or (singular and single))] == []


def test_what_may_be_compared_is_said_from_both_sides():
    described = {row["indicateur"]: row for row in INDICATORS}
    for name, row in described.items():
        for column in ("comparable_avec", "non_comparable_avec"):
            for other in listed(row[column]):
                assert name in listed(described[other][column]), (name, other)
        assert not set(listed(row["comparable_avec"])) & set(listed(row["non_comparable_avec"]))


def test_every_figure_can_be_said_and_is_missing_only_when_the_source_does_not_give_it():
    for row in FIGURES:
        assert bool(row["valeur"]) == (row["qualite"] != "non_fourni"), row["id"]
        assert say(row)
        assert row["annee"] == "non daté" or re.match(r"(19|20)\d\d", row["annee"]), row["id"]
        if row["valeur_max"]:
            assert float(row["valeur"]) < float(row["valeur_max"])


def test_every_source_is_a_document_that_is_described():
    assert {"000", "001", "002", "003", "004"} <= set(DOCUMENTS)
    assert all(row["titre"] and row["titre_court"] and row["producteur"] for row in DOCUMENTS.values())
    assert len(DOCUMENTS) == len(read_rows(DATA / "documents.csv"))
    assert {document for _, source in cited_rows() for document, _, _ in parts(source)} == set(DOCUMENTS)
    assert [row for row, source in cited_rows() for _, first, last in parts(source) if first > last] == []
    dates = {row["id"]: row["source_date"] for row in ACTORS}
    assert [i for i, date in dates.items() if date not in {row["date"] for row in DOCUMENTS.values()}] == []


# ---- Places


def test_the_precision_says_what_is_known_of_the_place_and_no_more():
    for row in ACTORS:
        point, precision = bool(row["longitude"] and row["latitude"]), row["precision"]
        assert bool(row["longitude"]) == bool(row["latitude"]), row["id"]
        assert point == (precision in {"adresse", "rue"}), row["id"]
        assert bool(row["code_insee"]) == (precision in vocabulary.PLACED), row["id"]
        if precision not in vocabulary.PLACED:
            assert row["territoire"].partition(":")[0] == precision.replace("aucune", ""), row["id"]
        if point:
            assert row["adresse"], row["id"]
        if point or row["adresse"] or row["siret"]:
            assert row["lieu_source"], row["id"]
            assert row["lieu_confiance"] in {"sure", "probable"}, row["id"]
        assert bool(row["adresse"][:1].isdigit()) or precision != "adresse", row["id"]


def test_a_doubtful_place_gives_no_point_and_no_address(site: Site):
    doubtful = [row for row in ACTORS if row["lieu_confiance"] == "douteux"]
    assert doubtful
    for row in doubtful:
        assert not any(row[column] for column in ("longitude", "latitude", "adresse", "siret")), row["id"]
        assert row["note"]
        assert site.actors.frame.loc[row["id"], ["lon", "lat", "x", "y"]].isna().all(), row["id"]


def test_each_point_is_in_its_commune_or_within_500_m(site: Site):
    rows = [row for row in ACTORS if row["longitude"] and f"commune:{row['code_insee']}" not in OUTSIDE]
    points = gpd.GeoSeries.from_xy(
        [float(row["longitude"]) for row in rows], [float(row["latitude"]) for row in rows], crs="EPSG:4326"
    ).to_crs(METRIC_CRS)
    communes = site.territories.communes.geometry.loc[[row["code_insee"] for row in rows]].to_crs(METRIC_CRS)
    metres = points.distance(communes.reset_index(drop=True))
    assert [row["id"] for row, far in zip(rows, metres, strict=True) if far > 500] == []
    assert {finding.kind for finding in site.actors.findings} == {"code_inconnu"}
    outside = {row["id"] for row in ACTORS if f"commune:{row['code_insee']}" in OUTSIDE}
    assert {finding.actor for finding in site.actors.findings} == outside


def test_a_siret_has_the_check_digit_of_luhn():
    for row in ACTORS:
        weighed = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(row["siret"]))]
        assert sum(n - 9 * (n > 9) for n in weighed) % 10 == 0, row["id"]


# ---- Link to the ESS


def test_a_statute_of_the_ess_has_its_legal_family():
    for row in ACTORS:
        assert row["famille"] or row["statut_ess"] != "statut" or "forme" in fold(row["note"]), row["id"]
        assert not row["famille"] or row["statut_ess"] not in {"public", "hors_ess", "non_imprime"}, row["id"]


def test_a_qualification_is_one_of_those_that_the_ess_knows():
    known = {"esat", "ea", "ei", "aci", "ai", "etti", "geiq", "siae", "regie_quartier", "ptce"}
    for row in ACTORS:
        if row["statut_ess"] == "qualification":
            assert set(listed(row["types"])) & (known | {"entreprise_but_emploi"}), row["id"]


def test_a_headcount_class_holds_the_printed_headcount():
    for row in ACTORS:
        if row["tranche_effectif"]:
            low, high = vocabulary.TRANCHES[row["tranche_effectif"]]
            printed = int(re.findall(r"\d+", row["effectif_imprime"])[0])
            assert low <= printed <= (high or printed), row["id"]


# ---- Nobody's data


@pytest.mark.parametrize("name", TEXTS)
def test_no_file_holds_the_address_or_the_mobile_of_a_person(name: str):
    addresses = re.findall(r"([\w.+-]+)@[\w-]+\.", TEXTS[name])
    assert set(addresses) <= FUNCTIONS
    assert re.findall(r"(?<![\w.])(?:\+33\s?|0)[67](?:[\s.-]?\d\d){4}(?!\w)", TEXTS[name]) == []


def test_a_telephone_is_of_ten_digits_and_of_a_place():
    telephones = [row["telephone"] for row in (*ACTORS, *SUPPORTS) if row["telephone"]]
    assert telephones
    assert [number for number in telephones if not re.fullmatch(r"0[1-589](?: \d\d){4}", number)] == []


def test_an_address_printed_with_a_fault_is_kept_as_text_and_never_a_link():
    printed = {row["organisation"]: row["contact_imprime"] for row in SUPPORTS if not row["site_web"]}
    assert printed["reseau-tremplin"] == "WWW.TREMLIN-HDF.ORG"
    for organisation, text in printed.items():
        if text:
            every = "".join(TEXTS.values()).lower()
            assert f"//{text.lower()}" not in every
            assert f"//{text.lower().removeprefix('www.')}" not in every
            sites = [row["site_web"] for row in ACTORS if row["organisation"] == organisation]
            assert sites == [""]
