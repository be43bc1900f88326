"""Check a table line by line: each cell read for what it is, each doubt told with its line and its remedy."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

from esscarto.importing import places
from esscarto.importing.contacts import email_reader, read_phone, read_site, text_fault
from esscarto.importing.coordinates import LAT, LON, Points
from esscarto.importing.dates import date_reader
from esscarto.importing.findings import Fault, Finding, Log, Reader, Reading
from esscarto.importing.gazetteer import Gazetteer, name_key
from esscarto.importing.identifiers import read_siren, read_siret
from esscarto.importing.lists import list_reader
from esscarto.importing.mapping import Mapping as ColumnMapping
from esscarto.importing.texts import NOTHING_SAID, SPREADSHEET_ERROR, is_spreadsheet_error, says_nothing, text_reader
from esscarto.privacy import personal_data
from esscarto.schema import Field, read_schema
from esscarto.settings import SCHEMAS
from esscarto.storage.table_shape import TextTable

Edits = Mapping[tuple[int, str], str]
"""(line, column of the directory) -> what the person writes there instead of what the file says."""

_PLACE = (places.CODE, places.POSTAL, places.NAME)
_FREE_TEXT = {"nom": 250, "aliases": 500, "adresse": 300, "description": 5_000, "note": 5_000, "effectif_imprime": 200}
"""Free text -> the most characters it may have."""
_ENDING = re.compile(r"[\s,–-]+(\d{4,5})\s+(\D[^,]*)$")

NO_NAME = Fault("refusee", "cette ligne n’a pas de nom", "le nom de la structure", "Écrivez-le, ou retirez la ligne.")

NO_PLACE = Fault(
    "a_regarder",
    "cette ligne n’a pas de lieu",
    "une commune et son code postal, ou son code Insee",
    "La structure sera dans la liste, sans point sur la carte.",
)


@dataclass
class Checked:
    """A table after its check, column by column; row ``i`` of each stands at line ``lines[i]`` of the file.

    Parameters
    ----------
    lines : list of int
        Line of each row in the file.
    values : dict of str to list of str
        Column of the directory, or helper -> what is kept of each row, "" where nothing is.
    beside : dict of str to list of str
        Column of the file that the directory does not have -> its cells.
    log : Log
        Findings and changes.
    vague : set of int
        Rows whose point is shared by several addresses: it is the commune's.
    """

    lines: list[int]
    values: dict[str, list[str]]
    beside: dict[str, list[str]]
    log: Log
    vague: set[int]

    def column(self, target: str) -> list[str]:
        """Return one column, all empty when the file does not give it."""
        return self.values.get(target) or [""] * len(self.lines)


def check(
    table: TextTable,
    mapping: ColumnMapping,
    gazetteer: Gazetteer,
    edits: Edits | None = None,
    confirmed: Collection[str] = (),
) -> Checked:
    """Check a table.

    Parameters
    ----------
    table : TextTable
        The file.
    mapping : Mapping
        Which of its columns is read for which column of the directory.
    gazetteer : Gazetteer
        The communes.
    edits : mapping
        Corrections of the person.
    confirmed : collection of str
        E-mail addresses that look like a person's, and that the person said to be an organisation's own.
    """
    log = Log(dict(mapping.columns))
    lines = list(table.lines)
    for shape in table.faults:
        fault = Fault("refusee", shape.message, "autant de cellules que de titres", shape.remedy)
        log.findings.append(Finding(shape.line, "", "", " | ".join(filter(None, shape.cells)), fault))
        log.worst[shape.line] = "refusee"
    cells = _cells(table, mapping, edits or {})
    values: dict[str, list[str]] = {}
    for target in cells.keys() - {*_PLACE, LON, LAT, "departement"}:
        values[target] = _read_column(log, lines, target, cells[target], _reader(target, confirmed))
    for row, name in enumerate(values["nom"]):
        if not name and not is_spreadsheet_error(cells["nom"][row]):
            log.fault(lines[row], "nom", cells["nom"][row], NO_NAME)
    empty = [""] * len(lines)
    _read_places(log, lines, cells, values, gazetteer)
    points = Points(log, lines, cells.get(LON, empty), cells.get(LAT, empty))
    points.compare(gazetteer, values[places.CODE])
    placed = [cells[target] for target in (*_PLACE, LON, LAT) if target in cells]
    for line, *given in zip(lines, *placed, strict=True):
        if not any(given):
            log.fault(line, places.NAME, "", NO_PLACE)
    values[LON], values[LAT] = points.text(LON), points.text(LAT)
    # A commune found under a point has its official name too.
    values[places.NAME] = [
        name or gazetteer.names.get(code, "")
        for code, name in zip(values[places.CODE], values[places.NAME], strict=True)
    ]
    _shorten_addresses(log, lines, values, cells.get(places.POSTAL, empty))
    vague = points.shared(values[places.CODE], values.get("adresse", empty))
    log.findings.sort(key=lambda finding: finding.line)
    return Checked(lines, values, _beside(table, mapping, log), log, vague)


def _cells(table: TextTable, mapping: ColumnMapping, edits: Edits) -> dict[str, list[str]]:
    """Return the cells of each column of the directory, with the corrections of the person."""
    cells = {target: table.column(column) for target, column in mapping.columns.items()}
    row_of = {line: row for row, line in enumerate(table.lines)}
    for (line, target), text in edits.items():
        if line in row_of:
            cells.setdefault(target, [""] * len(table.lines))[row_of[line]] = text.strip()
    return cells


def _read_column(log: Log, lines: list[int], target: str, cells: list[str], read: Reader) -> list[str]:
    """Read a column; a column repeats its values, each distinct one is read once."""
    known: dict[str, Reading] = {"": Reading("")}
    kept = []
    for line, cell in zip(lines, cells, strict=True):
        reading = known.get(cell)
        if reading is None:
            reading = known[cell] = _read_cell(target, cell, read)
        for fault in reading.faults:
            log.fault(line, target, cell, fault)
        if reading.how:
            log.change(line, target, reading.how, cell, reading.value)
        kept.append(reading.value)
    return kept


def _read_cell(target: str, cell: str, read: Reader) -> Reading:
    if is_spreadsheet_error(cell):
        return Reading("", faults=(SPREADSHEET_ERROR,))
    if target != "nom" and says_nothing(cell):
        return Reading("", NOTHING_SAID)
    reading = read(cell)
    found = text_fault(reading.value) if target in _FREE_TEXT else None
    return Reading("", reading.how, (*reading.faults, found)) if found and target != "nom" else reading


def _reader(target: str, confirmed: Collection[str]) -> Reader:
    """Return the reader of a column."""
    if target in _FREE_TEXT:
        one_line = target not in ("description", "note")
        return text_reader(_FREE_TEXT[target], one_line=one_line, is_name=target == "nom")
    made: dict[str, Callable[[], Reader]] = {
        "siret": lambda: read_siret,
        "siren": lambda: read_siren,
        "telephone": lambda: read_phone,
        "site_web": lambda: read_site,
        "courriel": lambda: email_reader(confirmed),
        "statut_date": date_reader,
        "lieu_date": date_reader,
        "source_date": partial(date_reader, longest=7),
    }
    if target in made:
        return made[target]()
    field = _field(target)
    return list_reader(field) if field.allowed else _plain_reader(field)


def _plain_reader(field: Field) -> Reader:
    """Return the reader of a column that only an export of the directory has: as its schema says."""

    def read(cell: str) -> Reading:
        fault = field.fault(cell)
        return Reading("", faults=(Fault("a_corriger", *_two(fault)),)) if fault else Reading(cell)

    return read


def _two(fault: tuple[str, str]) -> tuple[str, str, str]:
    problem, remedy = fault
    return problem, "", remedy


def _field(target: str) -> Field:
    return next(field for field in read_schema(SCHEMAS / "acteurs.schema.json").fields if field.name == target)


def _read_places(
    log: Log, lines: list[int], cells: dict[str, list[str]], values: dict[str, list[str]], gazetteer: Gazetteer
) -> None:
    """Settle the commune of each line; lines of the same four cells are settled once."""
    empty = [""] * len(lines)
    columns = [cells.get(target, empty) for target in (*_PLACE, "departement")]
    kept: dict[str, list[str]] = {target: [] for target in _PLACE}
    known: dict[tuple[str, ...], places.Place] = {}
    for line, given in zip(lines, zip(*columns, strict=True), strict=True):
        place = known.get(given)
        if place is None:
            place = known[given] = places.resolve(gazetteer, *given)
        held: dict[str, str] = dict(zip(_PLACE, given, strict=False))
        for target, fault in place.faults:
            log.fault(line, target, held[target], fault)
        for target, how, before in place.changes:
            log.change(line, target, how, before, place.value(target))
        kept[places.CODE].append(place.code)
        kept[places.POSTAL].append(place.postal)
        kept[places.NAME].append(place.name)
    values.update(kept)


def _shorten_addresses(log: Log, lines: list[int], values: dict[str, list[str]], postals: list[str]) -> None:
    """Take away from an address the postal code and the commune that have their own columns.

    A postal code that lost its zero, and waits for it, is one all the same: ``postals`` is what the file says.
    """
    addresses = values.get("adresse", [])
    for row, (address, said, commune) in enumerate(zip(addresses, postals, values[places.NAME], strict=False)):
        postal = values[places.POSTAL][row] or said.zfill(5)
        ending = _ENDING.search(address)
        if ending and ending[1] in (postal, postal[1:]) and commune and name_key(ending[2]) == name_key(commune):
            addresses[row] = address[: ending.start()]
            how = "code postal et commune retirés, ils ont leurs colonnes"
            log.change(lines[row], "adresse", how, address, addresses[row])


def _beside(table: TextTable, mapping: ColumnMapping, log: Log) -> dict[str, list[str]]:
    """Return the columns that are kept beside, without the cells that reach a person."""
    kept = {}
    for column in mapping.beside:
        cells = table.column(column)
        personal = {cell: bool(personal_data(cell)) for cell in set(cells) if cell}
        for line, cell in zip(table.lines, cells, strict=True):
            if personal.get(cell):
                log.columns.setdefault(column, column)
                log.change(line, column, "laissé de côté : une adresse nominative ou un mobile", "", "")
        kept[column] = ["" if personal.get(cell) else cell for cell in cells]
    return kept
