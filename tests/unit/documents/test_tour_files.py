"""The files of a tour, read back by the libraries that others read them with."""

import base64
import datetime
import io
import re
import xml.etree.ElementTree as ET
import zoneinfo

import gpxpy
import icalendar
import openpyxl
import pypdf
import pytest
from tests.app.harness import plain

from esscarto.cartography.tour_map import tour_map
from esscarto.documents import roadbook_pdf, tour_files
from esscarto.documents.tour_invitation import invitation
from esscarto.errors import DataError
from esscarto.storage.road_cache import Road, RoadCache
from esscarto.timetable import build, hours
from esscarto.tours import Tour

DAY, TODAY = datetime.date(2026, 11, 26), datetime.date(2026, 11, 22)
ACTORS = ["ateliers-de-taux", "apei-des-2-vallees-coyolles", "anne-morgan", "a-table-citoyens"]
PARIS = zoneinfo.ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module")
def table(site):
    return build(site, Tour("Novembre", DAY, "02722", "02722").with_actors(ACTORS))


def test_the_agenda_has_the_day_from_its_start_to_its_end_in_paris(site):
    table = build(site, Tour("Novembre", DAY, "02810", "02810").with_actors(ACTORS))
    book = icalendar.Calendar.from_ical(tour_files.agenda(site, table, TODAY))
    first, last = table.visits[0], table.visits[-1]
    (lunch,) = [visit.lunch for visit in table.visits if visit.lunch]
    expected = {f"Visite : {visit.name}": (visit.begin, visit.end) for visit in table.visits}
    expected |= {
        "Départ de Villers-Cotterêts": (table.leave, first.arrival),
        "Déjeuner": lunch,
        "Retour à Villers-Cotterêts": (last.lunch[1] if last.lunch else last.end, table.back),
    }
    midnight = datetime.datetime.combine(DAY, datetime.time(), PARIS)
    found = {
        plain(event["SUMMARY"]): tuple((event.decoded(end) - midnight).seconds // 60 for end in ("DTSTART", "DTEND"))
        for event in book.walk("VEVENT")
    }
    assert found == {plain(title): hours for title, hours in expected.items()}
    assert book.walk("VTIMEZONE")[0]["TZID"] == "Europe/Paris"
    assert len({event["UID"] for event in book.walk("VEVENT")}) == len(expected) == 6


def test_a_day_without_a_start_or_an_end_has_neither_in_its_agenda(site):
    table = build(site, Tour("Novembre", DAY, lunch=0).with_actors(ACTORS[:2]))
    book = icalendar.Calendar.from_ical(tour_files.agenda(site, table, TODAY))
    assert [str(event["SUMMARY"])[:6] for event in book.walk("VEVENT")] == ["Visite"] * 2
    assert [point.name[:2] for point in gpxpy.parse(tour_files.gpx(table).decode()).waypoints] == ["1.", "2."]


def test_a_tour_without_a_date_has_no_agenda(site):
    with pytest.raises(DataError, match="pas de date"):
        tour_files.agenda(site, build(site, Tour().with_actors(ACTORS)), TODAY)


def test_the_agenda_of_the_year_holds_only_what_a_source_dates(site):
    book = icalendar.Calendar.from_ical(tour_files.calendar_of_the_year(site, site.events, TODAY))
    found = {str(event["SUMMARY"]): event for event in book.walk("VEVENT")}
    assert set(found) == {"Mois de l’ESS", "Mardis de l’inclusion"}
    assert found["Mois de l’ESS"].decoded("DTSTART") == datetime.date(2026, 11, 1)
    assert found["Mois de l’ESS"].decoded("DTEND") == datetime.date(2026, 12, 1)


def test_gpx_and_kml_give_the_way_from_the_start_to_the_end_in_degrees(site, table):
    book = gpxpy.parse(tour_files.gpx(table).decode())
    town = site.territories.communes.loc["02722"]
    ends = (round(town["label_lon"], 4), round(town["label_lat"], 4))
    expected = [ends, *((round(visit.lon, 6), round(visit.lat, 6)) for visit in table.visits), ends]
    assert [(round(p.longitude, 6), round(p.latitude, 6)) for p in book.waypoints] == expected
    assert [(round(p.longitude, 6), round(p.latitude, 6)) for p in book.routes[0].points] == expected
    assert [plain(p.name) for p in book.waypoints][:: len(expected) - 1] == ["Départ : Soissons", "Retour : Soissons"]
    root = ET.fromstring(tour_files.kml(table))
    texts = [one.text for one in root.iter(f"{{{tour_files.KML}}}coordinates")]
    assert [tuple(map(float, text.split(","))) for text in texts[:-1]] == expected
    assert len(texts[-1].split()) == 5


def test_an_appointment_is_marked_wherever_the_hours_are_written(site, table):
    stop = table.visits[1].stop.actor
    day = build(site, table.tour.change(stop, appointment="14:30"))
    (visit,) = [one for one in day.visits if one.stop.actor == stop]
    said = plain(f"{hours(visit)} (rendez-vous)")
    assert said.startswith("14 h 30")
    pages = pypdf.PdfReader(io.BytesIO(roadbook_pdf.export(site, day, TODAY))).pages
    assert "14 h 30 à 15 h 15 (rendez-vous)" in " ".join(plain(pages[0].extract_text()).split())
    rows = openpyxl.load_workbook(io.BytesIO(tour_files.workbook(site, day, TODAY)))["Programme"].iter_rows()
    assert [row[1].value for row in rows if str(row[3].value).endswith("(rendez-vous)")] == ["14:30"]
    assert f"- {said} : {plain(visit.name)}" in plain(invitation(day)).replace("\n", " ")
    agenda = icalendar.Calendar.from_ical(tour_files.agenda(site, day, TODAY))
    assert sum(str(one["SUMMARY"]).endswith("(rendez-vous)") for one in agenda.walk("VEVENT")) == 1


def test_the_workbook_holds_the_programme_and_its_sources(site, table):
    book = openpyxl.load_workbook(io.BytesIO(tour_files.workbook(site, table, TODAY)))
    names = [row[3].value for row in book["Programme"].iter_rows(min_row=2)]
    stops = [visit.name for visit in table.visits]
    assert [name for name in names if name != "Déjeuner"] == ["Départ", *stops, "Arrivée", "A Table Citoyens"]
    assert "Déjeuner" in names
    assert sum(row[0].value == "Source" for row in book["À savoir"].iter_rows()) == 3


def test_the_invitation_names_each_stop_and_no_person(table):
    text = invitation(table)
    assert all(visit.name in text for visit in table.visits)
    # Nobody is told to be there at 9 h 03: what no appointment fixes is rounded.
    assert text.count(" environ : ".replace(" :", "\u202f:")) == len(table.visits) + 1
    assert re.findall(r" h (\d\d)", plain(text))
    assert all(int(minutes) % 5 == 0 for minutes in re.findall(r" h (\d\d)", plain(text)))
    assert "jeudi 26 novembre 2026" in text
    assert "[adresse de l’organisateur]" in text


def test_the_roadbook_has_a_cover_then_a_page_for_each_stop_with_its_questions_and_its_code(site, table):
    pages = pypdf.PdfReader(
        io.BytesIO(roadbook_pdf.export(site, table, TODAY, "https://ess.exemple.fr", "Accueil, 03 00 00 00 00"))
    ).pages
    texts = [page.extract_text().replace("\u202f", " ").replace("\xa0", " ") for page in pages]
    assert "Accueil, 03 00 00 00 00" in texts[0]
    assert "jeudi 26 novembre 2026" in texts[0]
    for visit in table.visits:
        own = next(at for at, text in enumerate(texts) if text.startswith(f"{visit.number}. {visit.name[:30]}"))
        assert "À demander" in texts[own]
        assert "Notes" in "".join(texts[own : own + 2])
        links = [str(one.get_object()["/A"]["/URI"]) for one in pages[own].get("/Annots", [])]
        assert f"https://ess.exemple.fr/carte?t=partout&n=epci&sel=acteur:{visit.stop.actor}" in links
    assert any("Sans point sur la carte" in text for text in texts[1:])


def test_a_figure_of_the_organisation_is_said_to_be_its_own_and_a_family_that_no_source_prints_is_left_out(site):
    frame = site.actors.frame
    plain_family = next(str(one) for one in frame.index if site.actors.category[one] == "autre")
    day = build(site, Tour("Novembre", DAY).with_actors(["apei-des-2-vallees-coyolles", plain_family]))
    pages = pypdf.PdfReader(io.BytesIO(roadbook_pdf.export(site, day, TODAY))).pages
    text = " ".join(plain(" ".join(page.extract_text() for page in pages)).split())
    assert "500 à 999 salariés, chiffre de l’organisation" in text
    assert "Les chiffres de l’organisation : " in text
    assert (
        "Combien de personnes employez-vous" not in text.partition("À demander")[2].partition("Source de la fiche")[0]
    )
    assert "Famille non imprimée" not in text
    assert not re.search(r"lignes \d+(?![\d, -])", text)


def test_both_maps_name_the_towns_of_the_day(site, table):
    drawn = base64.b64decode(tour_map(site, table).partition(",")[2]).decode()
    page = plain(pypdf.PdfReader(io.BytesIO(roadbook_pdf.export(site, table, TODAY))).pages[0].extract_text())
    above = page.partition("L’horaire")[0]
    for town in ("Soissons", "Coyolles"):
        assert f">{town}</text>" in drawn
        assert town in above


def test_hostile_texts_are_shown_as_they_are_in_every_file(site, hostile):
    table = build(site, Tour(hostile[:80], DAY).with_actors(ACTORS[:2]))
    assert roadbook_pdf.export(site, table, TODAY, "", hostile).startswith(b"%PDF")
    assert len(icalendar.Calendar.from_ical(tour_files.agenda(site, table, TODAY)).walk("VEVENT")) >= 2
    gpxpy.parse(tour_files.gpx(table).decode())
    ET.fromstring(tour_files.kml(table))


def test_every_file_says_which_legs_are_by_road(site, table):
    known, way = RoadCache(), table.legs["2"]
    known.add(way.start, way.end, Road(33.3, 30.0, "2026-11-27"))
    day = build(site, table.tour, known)
    said = "Vers l’étape 2 : distance et durée par la route"
    pages = pypdf.PdfReader(io.BytesIO(roadbook_pdf.export(site, day, TODAY))).pages
    book = openpyxl.load_workbook(io.BytesIO(tour_files.workbook(site, day, TODAY)))
    agenda = icalendar.Calendar.from_ical(tour_files.agenda(site, day, TODAY))
    texts = {
        "pdf": pages[0].extract_text(),
        "gpx": tour_files.gpx(day).decode(),
        "kml": tour_files.kml(day).decode(),
        "ics": agenda.walk("VEVENT")[1]["DESCRIPTION"],
        "xlsx": next(row[1].value for row in book["À savoir"].iter_rows() if row[0].value == "Méthode"),
    }
    assert [kind for kind, text in texts.items() if said not in plain(text)] == []
    assert [row[5].value for row in book["Programme"].iter_rows() if row[0].value == 2] == [33.3]
