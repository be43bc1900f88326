"""The list of the actors to look at: every one of them, nothing that computes."""

import csv
import datetime
import io

import openpyxl
import pytest

from esscarto.documents import to_check
from esscarto.health import Doubt, doubts, scope
from esscarto.settings import SITE
from esscarto.site import Site, load_site

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site(SITE / "data")


@pytest.fixture(scope="module")
def found(site: Site) -> list[Doubt]:
    return doubts(site, scope(site, None), TODAY)


def test_the_workbook_holds_each_actor_once_and_says_what_it_is(site, found):
    content = to_check.to_xlsx(site, found, "Tout l’annuaire", TODAY)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["À vérifier", "Lisez-moi"]
    header, *rows = book["À vérifier"].iter_rows(values_only=True)
    assert header == to_check.COLUMNS
    assert [row[header.index("Identifiant")] for row in rows] == [doubt.actor for doubt in found]
    oress = next(row for row in rows if row[header.index("Identifiant")] == "oress")
    assert oress[header.index("Motifs")] == "Noté « à vérifier » ; État non daté"
    assert oress[header.index("État daté de")] == "non daté"
    assert "Dépliant aux communes" in oress[header.index("Source")]
    assert any("Licence Ouverte" in str(row[1]) for row in book["Lisez-moi"].iter_rows(values_only=True))


def test_no_cell_of_the_csv_computes(site, found):
    hostile = Doubt("oress", "=1+1", "@Soissons", (("declare", "+33"),), "-2")
    content = to_check.to_csv(site, [hostile, *found]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
    assert len(rows) == len(found) + 2
    assert rows[1][:2] == ["'=1+1", "'@Soissons"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
