"""The workbook of the white zones, read back."""

import dataclasses
import io

import openpyxl
from tests.unit.documents.conftest import DAY

from esscarto.documents import zones_xlsx
from esscarto.reach import white_zones
from esscarto.site import Site
from esscarto.territories import Territory

PETR = Territory("petr", "soissonnais-valois")


def read(site: Site, what: str = "acteur connu"):
    zones = white_zones(site.reach, PETR, site.actors.counted, 10)
    content = zones_xlsx.export(site, "PETR du Soissonnais et du Valois", zones, what, DAY)
    return zones, openpyxl.load_workbook(io.BytesIO(content))


def test_the_workbook_says_the_communes_the_totals_and_the_caveat(site: Site):
    zones, book = read(site)
    header, *rows = book["Communes"].values
    assert header == zones_xlsx.COMMUNES
    assert [row[0] for row in rows] == zones.white.index.tolist()
    assert sum(row[3] for row in rows) == zones.inhabitants
    assert all(row[4] > 10 for row in rows)
    assert all(row[6] for row in rows), "each nearest actor has its source"
    _, *totals = book["Intercommunalités"].values
    assert sum(row[3] for row in totals) == 106668
    assert sum(row[4] for row in totals) == zones.inhabitants
    assert "n’est pas un recensement" in dict(book["Lisez-moi"].values)["Réserve"]


def test_a_commune_without_any_known_actor_has_no_distance(site: Site):
    zones = white_zones(site.reach, PETR, site.actors.counted & False, 10)
    book = openpyxl.load_workbook(io.BytesIO(zones_xlsx.export(site, "PETR", zones, "acteur connu", DAY)))
    _, *rows = book["Communes"].values
    assert len(rows) == 163
    assert {(row[4], row[5]) for row in rows} == {("n. d.", "")}


def test_a_hostile_name_stays_a_text(site: Site, hostile: str):
    frame = site.actors.frame.assign(nom=hostile)
    named = dataclasses.replace(site, actors=dataclasses.replace(site.actors, frame=frame))
    _, book = read(named)
    cells = [cell for row in book["Communes"].iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert all(cell.data_type in "sn" for cell in cells)
