"""The site: what every page reads, and what it says of places, organisations and sources."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from esscarto.errors import DataError
from esscarto.settings import SITE
from esscarto.site import Site, in_words, load_site

MakeSite = Callable[..., Site]


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({"code_insee": "01001"}, "Aire"),
        ({"code_insee": "01002"}, "Brie (01)"),
        ({"code_insee": "75056", "commune": "Paris"}, "Paris"),
        ({"precision": "epci", "territoire": "epci:100000002"}, "CC du Nord, commune non imprimée"),
        ({"precision": "petr", "territoire": "petr:val"}, "PETR du Val, commune non imprimée"),
        ({"precision": "aucune"}, "lieu non imprimé"),
    ],
)
def test_a_place_is_said_as_precisely_as_it_is_known(make_site: MakeSite, cells: dict[str, str], place: str):
    assert make_site(cells).places == [place]


def test_no_real_place_is_empty_or_a_code(site: Site):
    assert len(site.places) == len(site.actors)
    assert [place for place in site.places if not place or ":" in place] == []


def test_a_printed_territory_is_never_said_unprinted(make_site: MakeSite):
    assert make_site({"precision": "region", "territoire": "region:76"}).places != ["lieu non imprimé"]


def test_the_places_of_an_organisation_begin_with_the_one_named_like_it(make_site: MakeSite):
    site = make_site(
        {"id": "relais-aire", "organisation": "relais"},
        {"id": "relais", "organisation": "relais", "nom": "Le Relais"},
        {"id": "autre"},
    )
    assert site.organisations == {"relais": ["relais", "relais-aire"], "autre": ["autre"]}
    assert site.organisation_name("relais") == "Le Relais"


def test_a_source_is_said_in_words_with_its_lines(site: Site):
    cited = site.cite("000:89|000:105|002:5-7|999:1")
    assert [lines for _, lines in cited] == ["89, 105", "5-7", "1"]
    words = [document for document, _ in cited]
    assert words[0].startswith("Fiche territoriale de la CRESS")
    assert words[0].endswith(", 2024")
    assert words[1].endswith(", non daté")
    assert words[2] == "document 999"


def test_what_was_typed_or_proposed_is_cited_by_its_day_or_its_number(site: Site):
    typed = "saisie:2026-11-22|proposition:1"
    assert site.cite(typed) == [("saisie le 22 novembre 2026", ""), ("proposition n°\u00a01", "")]
    assert site.say_source(f"002:5-7|{typed}").endswith(
        ", non daté, lignes 5-7 ; saisie le 22 novembre 2026 ; proposition n°\u00a01"
    )


def test_every_real_actor_cites_known_documents(site: Site):
    cited = {part.partition(":")[0] for cell in site.actors.frame["source"] for part in cell.split("|")}
    assert sorted(cited - set(site.documents)) == []


def test_the_rows_and_categories_follow_the_actors(site: Site):
    assert [row["id"] for row in site.rows] == site.actors.frame.index.tolist()
    assert site.categories == site.actors.category.tolist()


def test_no_row_of_the_shipped_tables_is_set_apart(site: Site):
    assert [str(problem) for problems in site.problems.values() for problem in problems] == []


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped data, to be broken."""
    return Path(shutil.copytree(SITE / "data", tmp_path / "data", ignore=shutil.ignore_patterns("practices", "*.md")))


def test_one_bad_row_leaves_the_others(site: Site, copied: Path):
    path = copied / "actors.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("ateliers-de-taux,"))
    lines[at] = lines[at].replace("ateliers-de-taux", "Ateliers de Taux", 1)
    path.write_text("".join(lines), encoding="utf-8")
    broken = load_site(copied)
    assert len(broken.actors) == len(site.actors) - 1
    assert {problem.line for problem in broken.problems["actors.csv"]} == {at + 1}


@pytest.mark.parametrize("file", ["actors.csv", "figures.csv", "relations.csv", "geo/communes.parquet"])
def test_a_missing_table_is_an_error_with_its_name(copied: Path, file: str):
    (copied / file).unlink()
    with pytest.raises(DataError) as caught:
        load_site(copied)
    assert caught.value.where == Path(file).name


def append(path: Path, *lines: str) -> int:
    """Add lines to a table and return the number of the last, as a spreadsheet shows it."""
    with path.open("a", encoding="utf-8") as table:
        table.writelines(f"{line}\n" for line in lines)
    return len(pd.read_csv(path, dtype=str)) + 1


UNKNOWN = "x-finance-y,x-inconnu,finance,y-inconnu,,,en_cours,000:1,"


def test_a_relation_of_an_unknown_organisation_is_set_apart_and_said(site: Site, copied: Path):
    last = append(copied / "relations.csv", UNKNOWN)
    broken = load_site(copied)
    assert len(broken.network.frame) == len(site.network.frame)
    found = [(problem.line, problem.column, problem.value) for problem in broken.problems["relations.csv"]]
    assert sorted(found) == [(last, "de", "x-inconnu"), (last, "vers", "y-inconnu")]


def test_the_line_that_is_said_is_that_of_the_file(copied: Path):
    last = append(copied / "relations.csv", UNKNOWN.replace("en_cours", "jamais"), UNKNOWN.replace("x-", "z-", 1))
    found = load_site(copied).problems["relations.csv"]
    assert {problem.line for problem in found if problem.column == "vers"} == {last}


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("(000:162) ;", "(«\u00a0Fiche territoriale de la CRESS\u00a0», ligne\u00a0162) ;"),
        ("du document 002 n’y", "du document «\u00a0Description du PTCE ALISS\u00a0» n’y"),
        ("3 000:12 et 999:4", "3 «\u00a0Fiche territoriale de la CRESS\u00a0», ligne\u00a012 et 999:4"),
        ("002:18-20", "«\u00a0Description du PTCE ALISS\u00a0», lignes\u00a018-20"),
        ("277 000 / 512 000", "277 000 / 512 000"),
    ],
)
def test_a_note_names_the_documents_that_it_cites_by_number(site: Site, note: str, words: str):
    assert in_words(note, site.documents) == words


def test_no_note_of_the_published_figures_shows_the_number_of_a_document(site: Site):
    assert [note for note in site.figures.frame["note"] if re.search(r"\b\d{3}:\d", note)] == []
