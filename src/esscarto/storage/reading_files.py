"""Read a file that anybody may bring, CSV, Excel, GeoJSON or GeoPackage, into one table of texts.

A file is recognised by its content. It is read or refused whole, with the reason in French; a line whose cells
cannot be trusted to stand under their titles is set apart with its number, and never shifted. Nothing here
knows what a column means: that is for :mod:`esscarto.importing`.
"""

from dataclasses import replace
from pathlib import Path

from esscarto.errors import DataError
from esscarto.french import count
from esscarto.storage.file_limits import check_size
from esscarto.storage.table_shape import Shaper, TextTable

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
    "csv": "csv",
    "txt": "csv",
    "tsv": "csv",
    "tab": "csv",
    "xlsx": "xlsx",
    "xlsm": "xlsx",
    "xls": "xlsx",
    "geojson": "geojson",
    "json": "geojson",
    "gpkg": "gpkg",
}
FORMS = {
    "csv": "un fichier CSV",
    "xlsx": "un classeur Excel",
    "geojson": "une collection GeoJSON",
    "gpkg": "un GeoPackage",
}


def read_path(path: Path) -> TextTable:
    """Read a file of the disk; a file that is too heavy is refused before it is opened.

    Raises
    ------
    DataError
        When the file is absent, or :func:`read_content` refuses it.
    """
    if not path.is_file():
        raise DataError("ce fichier n’existe pas", path.name, "Vérifiez son nom et son dossier.")
    check_size(path.stat().st_size, path.name)
    try:
        return read_content(path.read_bytes(), path.name)
    except OSError as error:
        raise DataError("ce fichier ne s’ouvre pas", path.name, "Vérifiez vos droits sur ce fichier.") from error


def read_content(content: bytes, name: str = "", sheet: str = "") -> TextTable:
    """Read the bytes of a file.

    Parameters
    ----------
    content : bytes
        The whole file.
    name : str
        Its name, to be told and to be compared with its content; "" when it has none.
    sheet : str
        Which sheet of a workbook to read; "" to let :func:`esscarto.storage.reading_sheets.read_sheet` choose.

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
    if form == "xlsx":
        return _read_xlsx(content, where, sheet)
    return {"csv": _read_csv, "geojson": _read_geojson, "gpkg": _read_gpkg}[form](content, where)


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
        raise DataError(
            "ce fichier est une page web ou un texte balisé, pas un tableau",
            where,
            "Téléchargez le fichier lui-même, ou exportez-le en CSV.",
        )
    return "geojson" if start[:1] in (b"{", b"[") else "csv"


def _read_csv(content: bytes, where: str) -> TextTable:
    from esscarto.storage.reading_text import SEPARATORS, decode, records, separator

    decoded = decode(content, where)
    mark, text = separator(decoded.text)
    first = 1 if text is decoded.text else 2
    table = Shaper(where, "ligne", mark).shape(records(text, mark, first, where))
    form = f"CSV, {SEPARATORS[mark]}, {decoded.encoding}"
    return table.named(form, decoded.notes)


def _read_xlsx(content: bytes, where: str, wanted: str) -> TextTable:
    from esscarto.storage.reading_sheets import read_sheet

    sheet = read_sheet(content, where, wanted)
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
    table = Shaper(where, "ligne").shape(sheet.lines)
    read = table.named(f"classeur Excel, feuille « {sheet.name} »", notes)
    return replace(read, sheets=(sheet.name, *sheet.others))


def _read_geojson(content: bytes, where: str) -> TextTable:
    from esscarto.storage.reading_features import numbered, read_geojson

    features = read_geojson(content, where)
    return Shaper(where, "entité").shape(numbered(features)).named("GeoJSON", features.notes)


def _read_gpkg(content: bytes, where: str) -> TextTable:
    from esscarto.storage.reading_features import numbered, read_gpkg

    features = read_gpkg(content, where)
    return Shaper(where, "entité").shape(numbered(features)).named("GeoPackage", features.notes)
