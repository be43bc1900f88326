"""Read a file that anybody may bring, CSV, Excel, GeoJSON or GeoPackage, into one table of texts.

A file is recognised by its content. It is read or refused whole, with the reason in French; a line whose cells
cannot be trusted to stand under their titles is set apart with its number, and never shifted. Nothing here
knows what a column means: that is for :mod:`esscarto.importing`.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from esscarto.errors import DataError
from esscarto.french import NBSP, count, number
from esscarto.storage.file_limits import (
    HEADER_LINES,
    LIGHTEN,
    MAX_CELL_CHARACTERS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    check_size,
    too_many,
)

Record = tuple[int, list[str]]

_ZIP = b"PK\x03\x04"
_SQLITE = b"SQLite format 3\0"
_FOREIGN = {
    b"%PDF": ("un document PDF", "Demandez le tableau d’origine : un PDF n’en garde pas les cellules."),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (
        "un ancien classeur Excel (.xls), ou un classeur protégé par un mot de passe",
        "Ouvrez-le et enregistrez-le en « Classeur Excel (.xlsx) », sans mot de passe.",
    ),
    b"PAR1": ("un fichier Parquet", "Exportez-le en CSV."),
    b"\x1f\x8b": ("une archive", "Déballez-la, puis choisissez le tableau qu’elle contient."),
    b"7z\xbc\xaf\x27\x1c": ("une archive", "Déballez-la, puis choisissez le tableau qu’elle contient."),
    b"Rar!": ("une archive", "Déballez-la, puis choisissez le tableau qu’elle contient."),
    b"\x89PNG": ("une image", "Choisissez le tableau d’origine."),
    b"\xff\xd8\xff": ("une image", "Choisissez le tableau d’origine."),
    b"GIF8": ("une image", "Choisissez le tableau d’origine."),
    b"{\\rtf": ("un texte mis en forme", "Choisissez le tableau d’origine."),
}
"""First bytes of a file that is no table -> what it is, and what to do."""

_ENDINGS = {
    "csv": "csv", "txt": "csv", "tsv": "csv", "tab": "csv", "xlsx": "xlsx", "xlsm": "xlsx", "xls": "xlsx",
    "geojson": "geojson", "json": "geojson", "gpkg": "gpkg",
}  # fmt: skip
FORMS = {
    "csv": "un fichier CSV",
    "xlsx": "un classeur Excel",
    "geojson": "une collection GeoJSON",
    "gpkg": "un GeoPackage",
}


@dataclass(frozen=True)
class ShapeFault:
    """A line whose cells cannot be trusted to stand under their titles."""

    line: int
    cells: tuple[str, ...]
    message: str
    remedy: str


@dataclass(frozen=True)
class TextTable:
    """A table of texts, as its file gives it.

    Parameters
    ----------
    name : str
        Name of the file, without its folder.
    form : str
        What the file is, in French: ``CSV, point-virgule, Windows-1252``.
    unit : str
        What a row is called: « ligne », or « entité » in a layer.
    columns : tuple of str
        Titles, each one once; a column without a title is « colonne 5 ».
    rows : tuple of list of str
        The cells of each row, as many as there are columns, trimmed.
    lines : tuple of int
        Number of each row: the line that a spreadsheet shows, or the rank of the entity.
    faults : tuple of ShapeFault
        Lines that were set apart; none of them is in ``rows``.
    notes : tuple of str
        What had to be settled to read the file, in French.
    """

    name: str
    form: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[list[str], ...]
    lines: tuple[int, ...]
    faults: tuple[ShapeFault, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows) + len(self.faults)

    def column(self, name: str) -> list[str]:
        """Return the cells of one column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


def read_path(path: Path) -> TextTable:
    """Read a file of the disk; a file that is too heavy is refused before it is opened.

    Raises
    ------
    DataError
        When the file is absent, or :func:`read_file` refuses it.
    """
    if not path.is_file():
        raise DataError("ce fichier n’existe pas", path.name, "Vérifiez son nom et son dossier.")
    check_size(path.stat().st_size, path.name)
    try:
        return read_file(path.read_bytes(), path.name)
    except OSError as error:
        raise DataError("ce fichier ne s’ouvre pas", path.name, "Vérifiez vos droits sur ce fichier.") from error


def read_file(content: bytes, name: str = "") -> TextTable:
    """Read the bytes of a file.

    Parameters
    ----------
    content : bytes
        The whole file.
    name : str
        Its name, to be told and to be compared with its content; "" when it has none.

    Raises
    ------
    DataError
        When the file is too large, damaged, is no table, or is not what its name says.
    """
    where = name or "fichier"
    check_size(len(content), where)
    form = _recognise(content, where)
    said = _ENDINGS.get(name.lower().rpartition(".")[2])
    if said and said != form:
        raise DataError(
            f"ce fichier se présente comme {FORMS[said]}, mais c’est {FORMS[form]}",
            where,
            "Donnez-lui la terminaison qui convient, ou enregistrez-le à nouveau.",
        )
    return {"csv": _read_csv, "xlsx": _read_xlsx, "geojson": _read_geojson, "gpkg": _read_gpkg}[form](content, where)


def _recognise(content: bytes, where: str) -> str:
    for start, (kind, remedy) in _FOREIGN.items():
        if content.startswith(start):
            raise DataError(f"ce fichier est {kind}, pas un tableau", where, remedy)
    if content.startswith(_ZIP):
        return "xlsx"
    if content.startswith(_SQLITE):
        return "gpkg"
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"<":
        raise DataError("ce fichier est une page web ou un texte balisé, pas un tableau", where,
                        "Téléchargez le fichier lui-même, ou exportez-le en CSV.")  # fmt: skip
    return "geojson" if start[:1] in (b"{", b"[") else "csv"


def _read_csv(content: bytes, where: str) -> TextTable:
    from esscarto.storage.reading_text import SEPARATORS, decode, records, separator

    decoded = decode(content, where)
    mark, text = separator(decoded.text)
    first = 1 if text is decoded.text else 2
    table = _Shaper(where, "ligne", mark).shape(records(text, mark, first, where))
    form = f"CSV, {SEPARATORS[mark]}, {decoded.encoding}"
    return table.named(form, decoded.notes)


def _read_xlsx(content: bytes, where: str) -> TextTable:
    from esscarto.storage.reading_sheets import read_sheet

    sheet = read_sheet(content, where)
    notes = []
    if sheet.others:
        others = ", ".join(f"« {name} »" for name in sheet.others)
        notes.append(f"Feuille lue : « {sheet.name} ». Laissées de côté : {others}.")
    if sheet.uncomputed:
        notes.append(
            f"{count(sheet.uncomputed, 'formule')} sans résultat : ouvrez le classeur dans un tableur et "
            "enregistrez-le, ou ces cellules restent vides."
        )
    elif sheet.formulas:
        notes.append(f"{count(sheet.formulas, 'formule')} : leur dernier résultat est lu.")
    table = _Shaper(where, "ligne").shape(sheet.lines)
    return table.named(f"classeur Excel, feuille « {sheet.name} »", notes)


def _read_geojson(content: bytes, where: str) -> TextTable:
    from esscarto.storage.reading_features import numbered, read_geojson

    features = read_geojson(content, where)
    return _Shaper(where, "entité").shape(numbered(features)).named("GeoJSON", features.notes)


def _read_gpkg(content: bytes, where: str) -> TextTable:
    from esscarto.storage.reading_features import numbered, read_gpkg

    features = read_gpkg(content, where)
    return _Shaper(where, "entité").shape(numbered(features)).named("GeoPackage", features.notes)


class _Shaper:
    """Turn records into a table: find the header, name each column, set apart what does not fit.

    ``separator`` is that of a text, whose cells have no other place than their rank; a sheet or a layer says
    where each of its cells is, and cannot be shifted.
    """

    def __init__(self, where: str, unit: str, separator: str = ""):
        self._where = where
        self._unit = unit
        self._separator = separator
        self._notes: list[str] = []
        self._header: list[str] = []
        self._rows: list[list[str]] = []
        self._lines: list[int] = []
        self._faults: list[ShapeFault] = []

    def shape(self, records: Iterable[Record]) -> "_Shaper":
        """Read every record.

        Raises
        ------
        DataError
            When the table is empty, or larger than a directory can be.
        """
        following = self._find_header(self._filled(records))
        width = len(self._header)
        for line, cells in following:
            if len(cells) > width and any(cells[width:]):
                self._add_long(line, cells)
            elif self._separator and self._swallows(cells):
                self._refuse(line, cells, "un guillemet semble de trop : cette ligne en contient plusieurs",
                             "Retirez ou doublez ce guillemet, puis exportez à nouveau.")  # fmt: skip
            else:
                self._lines.append(line)
                self._rows.append(cells)
        if not self._rows and not self._faults:
            raise DataError("ce tableau n’a aucune ligne sous son titre", self._where, "Choisissez-en un autre.")
        self._set_short_apart()
        return self

    def named(self, form: str, notes: Iterable[str] = ()) -> TextTable:
        """Return the table, its columns named once and its rows of one width."""
        columns = self._columns()
        width = len(columns)
        for cells in self._rows:
            if len(cells) < width:
                cells.extend([""] * (width - len(cells)))
            elif len(cells) > width:
                del cells[width:]
        kept = [place for place, name in enumerate(columns) if name or any(row[place] for row in self._rows)]
        if len(kept) < width:
            self._rows = [[row[place] for place in kept] for row in self._rows]
        titles = [columns[place] or f"colonne {place + 1}" for place in kept]
        return TextTable(
            name=self._where,
            form=form,
            unit=self._unit,
            columns=tuple(self._once(titles)),
            rows=tuple(self._rows),
            lines=tuple(self._lines),
            faults=tuple(sorted(self._faults, key=lambda fault: fault.line)),
            notes=(*notes, *self._notes),
        )

    def _filled(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records that hold something, trimmed, and refuse more than a directory can be."""
        kept = cells = 0
        for line, record in records:
            trimmed = [cell.strip() if cell else "" for cell in record]
            if not any(trimmed):
                continue
            kept += 1
            cells += len(trimmed)
            if len(trimmed) > MAX_COLUMNS and any(trimmed[MAX_COLUMNS:]):
                raise too_many("colonnes", MAX_COLUMNS, self._where)
            if kept > MAX_ROWS + HEADER_LINES:
                raise too_many("lignes", MAX_ROWS, self._where)
            if cells > MAX_CELLS:
                raise too_many("cellules", MAX_CELLS, self._where)
            longest = max(map(len, trimmed))
            if longest > MAX_CELL_CHARACTERS:
                place = f"{self._where}, {self._unit} {line}"
                raise DataError(f"une cellule contient {number(longest)} caractères", place, LIGHTEN)
            yield line, trimmed

    def _find_header(self, records: Iterator[Record]) -> Iterator[Record]:
        """Take the header: the first record of several cells, when titles of one cell stand above it."""
        seen = list(itertools.islice(records, HEADER_LINES))
        if not seen:
            raise DataError("ce tableau est vide", self._where, "Choisissez-en un autre.")
        several = [rank for rank, (_, cells) in enumerate(seen) if sum(map(bool, cells)) > 1]
        rank = several[0] if several else 0
        if rank:
            above = [f"« {next(filter(None, cells))[:60]} »" for _, cells in seen[:rank]]
            self._notes.append(f"Au-dessus du tableau, laissé de côté : {', '.join(above)}.")
        self._header = seen[rank][1]
        return itertools.chain(seen[rank + 1 :], records)

    def _add_long(self, line: int, cells: list[str]) -> None:
        if not self._separator:
            self._lines.append(line)
            self._rows.append(cells)
            return
        self._refuse(
            line,
            cells,
            f"cette ligne a {len(cells)} cellules pour {len(self._header)} titres",
            "Mettez entre guillemets le texte qui contient le séparateur, ou donnez un titre à chaque colonne.",
        )

    def _refuse(self, line: int, cells: list[str], message: str, remedy: str) -> None:
        self._faults.append(ShapeFault(line, tuple(cells), message, remedy))

    def _swallows(self, cells: list[str]) -> bool:
        """Whether a cell holds whole lines: as many separators as the line breaks in it should bring."""
        between = len(self._header) - 1
        return between > 1 and any(
            "\n" in cell and cell.count(self._separator) == between * cell.count("\n") for cell in cells
        )

    def _set_short_apart(self) -> None:
        """Set apart the pieces of a line that a bare line break has cut; other short lines are completed."""
        width = len(self._header)
        short = [rank for rank, cells in enumerate(self._rows) if len(cells) < width] if self._separator else []
        cut: set[int] = set()
        for first, last in _runs(short, self._lines):
            start = first
            while start <= last:
                joined = len(self._rows[start])
                end = start
                while joined < width and end < last:
                    end += 1
                    joined += len(self._rows[end]) - 1
                if joined == width and end > start:
                    cut.update(range(start, end + 1))
                    start = end
                start += 1
        for rank in sorted(cut):
            self._refuse(
                self._lines[rank],
                self._rows[rank],
                f"cette ligne a {count(len(self._rows[rank]), 'cellule')} pour {width} titres : "
                "un retour à la ligne l’a sans doute coupée",
                "Mettez entre guillemets le texte qui contient ce retour à la ligne, ou retirez-le.",
            )
        kept = [rank for rank in range(len(self._rows)) if rank not in cut]
        self._rows = [self._rows[rank] for rank in kept]
        self._lines = [self._lines[rank] for rank in kept]
        completed = len(short) - len(cut)
        if completed:
            self._notes.append(
                f"{count(completed, 'ligne')} plus courte{'s' if completed > 1 else ''} que le titre{NBSP}: "
                "les cellules qui manquent à la fin sont lues comme vides."
            )

    def _columns(self) -> list[str]:
        """Return the titles, and "" for each column that has none."""
        titles = [" ".join(title.split()) for title in self._header]
        width = max(map(len, self._rows), default=0)
        if not self._separator and width > len(titles):
            titles += [""] * (width - len(titles))
        return titles

    def _once(self, titles: list[str]) -> list[str]:
        """Name each column once: a second « nom » is « nom (2) »."""
        taken: set[str] = set()
        named, twice = [], []
        for title in titles:
            name = title
            for again in itertools.count(2):
                if name not in taken:
                    break
                name = f"{title} ({again})"
            if name != title:
                twice.append(title)
            taken.add(name)
            named.append(name)
        if twice:
            several = ", ".join(f"« {title} »" for title in dict.fromkeys(twice))
            self._notes.append(f"Titre présent plusieurs fois : {several}. Toutes ces colonnes sont gardées.")
        return named


def _runs(ranks: list[int], lines: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last rank of each group of rows that follow one another."""
    for _, group in itertools.groupby(enumerate(ranks), key=lambda pair: pair[1] - pair[0]):
        members = [rank for _, rank in group]
        yield members[0], members[-1]
