"""A tour for other tools: agenda (iCalendar), satellite navigation (GPX, KML), spreadsheet."""

import datetime
import xml.etree.ElementTree as ET
from zoneinfo import ZoneInfo

import gpxpy.gpx
import icalendar

from esscarto import events
from esscarto.documents import tables_xlsx
from esscarto.errors import DataError
from esscarto.events import Events
from esscarto.french import bound, clean
from esscarto.site import Site
from esscarto.storage.road_cache import Point
from esscarto.timetable import Timetable, Visit, due_hours, said
from esscarto.tour_warnings import warnings
from esscarto.tours import clock_of, tidy_name

ZONE = ZoneInfo("Europe/Paris")
KML = "http://www.opengis.net/kml/2.2"


def agenda(site: Site, table: Timetable, today: datetime.date) -> bytes:
    """Return the tour as an agenda (RFC 5545), in the hours of Paris: the start, one event a stop, lunch, the way back.

    Raises
    ------
    DataError
        When the tour has no date.
    """
    day = table.tour.day
    if day is None:
        raise DataError("ce tour n’a pas de date", "agenda", "Choisissez-en une.")
    book = _calendar(table.tour.name or "ESS Tour")

    def add(key: str, title: str, begin: int, end: int, place: str = "") -> icalendar.Event:
        event = _event(f"tour-{day.isoformat()}-{key}", title, today)
        event.add("dtstart", _moment(day, begin))
        # An event without an end is a moment (RFC 5545, 3.6.1): an end must come after the beginning.
        if end > begin:
            event.add("dtend", _moment(day, end))
        if place:
            event.add("location", clean(place))
        book.add_component(event)
        return event

    if table.start and table.visits:
        add("depart", f"Départ de {table.start}", table.leave, table.visits[0].arrival, table.start)
    for visit in table.visits:
        title = f"Visite : {visit.name}" + (" (rendez-vous)" if visit.stop.appointment else "")
        event = add(visit.stop.actor, title, visit.begin, visit.end, visit.where)
        event.add("geo", (round(visit.lat, 6), round(visit.lon, 6)))
        row = site.rows[site.actors.frame.index.get_loc(visit.stop.actor)]
        event.add("description", "\n".join(part for part in (clean(row["description"]), table.method) if part))
        if visit.lunch:
            add("dejeuner", "Déjeuner", *visit.lunch)
    if table.end and table.visits:
        add("retour", f"Retour à {table.end}", table.back - table.home_drive, table.back, table.end)
    book.add_missing_timezones(datetime.date(day.year, 1, 1), datetime.date(day.year + 1, 12, 31))
    return bytes(book.to_ical())


def calendar_of_the_year(site: Site, known: Events, today: datetime.date) -> bytes:
    """Return the events that have a date as an agenda: whole days, as wide as what their source prints."""
    book = _calendar("L’année de l’ESS")
    for row in known.rows:
        span = events.days(row, today)
        if span is None:
            continue
        event = _event(f"evenement-{row['id']}", row["nom"], today)
        event.add("dtstart", span[0])
        # The end of a whole day is the day after it (RFC 5545, 3.6.1).
        event.add("dtend", span[1] + datetime.timedelta(days=1))
        if row["rythme"] == "chaque_annee":
            event.add("rrule", {"freq": "yearly"})
        source = site.say_source(row["source"])
        event.add(
            "description", clean(f"{row['ce_que_c_est']}\nDate imprimée : {events.when(row)}.\nSource : {source}")
        )
        event.add("transp", "TRANSPARENT")
        book.add_component(event)
    return bytes(book.to_ical())


def gpx(table: Timetable) -> bytes:
    """Return the tour as GPX 1.1: a point a stop, one for the start and the end, the route through them (EPSG:4326)."""
    book = gpxpy.gpx.GPX()
    book.name, book.description = clean(table.tour.name or "ESS Tour"), table.method
    book.creator = "esscarto"
    route = gpxpy.gpx.GPXRoute(name=book.name)
    for title, words, (lon, lat) in _points(table):
        book.waypoints.append(gpxpy.gpx.GPXWaypoint(lat, lon, name=title, description=words))
        route.points.append(gpxpy.gpx.GPXRoutePoint(lat, lon, name=title))
    book.routes.append(route)
    return str(book.to_xml("1.1")).encode()


def kml(table: Timetable) -> bytes:
    """Return the tour as KML 2.2: a point a stop, one for the start and the end, the line through them (EPSG:4326)."""
    ET.register_namespace("", KML)
    root = ET.Element(f"{{{KML}}}kml")
    document = _add(root, "Document")
    _add(document, "name", table.tour.name or "ESS Tour")
    _add(document, "description", table.method)
    points = _points(table)
    degrees = [f"{lon:.6f},{lat:.6f}" for *_, (lon, lat) in points]
    for (title, words, _), place in zip(points, degrees, strict=True):
        mark = _add(document, "Placemark")
        _add(mark, "name", title)
        _add(mark, "description", words)
        _add(_add(mark, "Point"), "coordinates", place)
    if len(points) > 1:
        mark = _add(document, "Placemark")
        _add(mark, "name", "Ordre des visites")
        _add(_add(mark, "LineString"), "coordinates", " ".join(degrees))
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _points(table: Timetable) -> list[tuple[str, str, Point]]:
    """Return the points of the day in order: name, hours and place in words, degrees."""
    points = [
        (f"{visit.number}. {visit.name}", f"{due_hours(visit)}, {visit.where}", (visit.lon, visit.lat))
        for visit in table.visits
    ]
    if table.start_point:
        points.insert(0, (f"Départ : {table.start}", said(table.leave), table.start_point))
    if table.end_point:
        points.append((f"Retour : {table.end}", said(table.back), table.end_point))
    return [(clean(bound(title)), clean(words), place) for title, words, place in points]


def workbook(site: Site, table: Timetable, today: datetime.date) -> bytes:
    """Return the programme as a workbook: the day, what to check, where it comes from."""
    tour = table.tour
    about = [
        ["Rubrique", "Contenu"],
        ["Tour", tour.name or "ESS Tour"],
        ["Date", tour.when or "à fixer"],
        ["En bref", table.sentence],
        ["Méthode", table.method],
        *(["À vérifier", words] for words in warnings(site, table, today)),
        *(
            [
                "Source",
                f"{visit.name} : " + _sources(site, visit),
            ]
            for visit in table.visits
        ),
    ]
    return tables_xlsx.export(tour.name or "ESS Tour", {"Programme": _plan(table), "À savoir": about}, today)


def _plan(table: Timetable) -> list[list[str | float]]:
    """Return the programme as the rows of a table, its titles first."""
    rows: list[list[str | float]] = [["N°", "Début", "Fin", "Étape", "Lieu", "Route (km)", "Route (min)"]]
    if table.start:
        rows.append(["", clock_of(table.leave), "", "Départ", table.start, "", ""])
    for visit in table.visits:
        hours_of = (clock_of(visit.begin), clock_of(visit.end))
        name = visit.name + (" (rendez-vous)" if visit.stop.appointment else "")
        rows.append([visit.number, *hours_of, name, visit.where, round(visit.km, 1), visit.drive])
        if visit.lunch:
            rows.append(["", *map(clock_of, visit.lunch), "Déjeuner", "", "", ""])
    if table.end:
        rows.append(["", "", clock_of(table.back), "Arrivée", table.end, round(table.home_km, 1), table.home_drive])
    rows += [["", "", "", name, "sans point : hors de l’horaire", "", ""] for _, name in table.unplaced]
    return rows


def _calendar(name: str) -> icalendar.Calendar:
    book = icalendar.Calendar()
    book.add("prodid", "-//esscarto//esscarto//FR")
    book.add("version", "2.0")
    book.add("x-wr-calname", tidy_name(name))
    return book


def _event(key: str, title: str, today: datetime.date) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{key}@esscarto")
    event.add("dtstamp", datetime.datetime.combine(today, datetime.time(), datetime.UTC))
    event.add("summary", bound(clean(title)))
    return event


def _moment(day: datetime.date, minutes: int) -> datetime.datetime:
    """Return an hour of Paris: of the next day past midnight."""
    days, rest = divmod(minutes, 24 * 60)
    return datetime.datetime.combine(day + datetime.timedelta(days), datetime.time(*divmod(rest, 60)), ZONE)


def _add(parent: ET.Element, name: str, words: str = "") -> ET.Element:
    child = ET.SubElement(parent, f"{{{KML}}}{name}")
    child.text = clean(words) or None
    return child


def _sources(site: Site, visit: Visit) -> str:
    row = site.rows[site.actors.frame.index.get_loc(visit.stop.actor)]
    return site.say_source(row["source"])
