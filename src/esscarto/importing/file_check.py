"""Check a file of the disk, from its name to its report: what `esscarto check FILE` runs."""

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from esscarto.settings import data_dir
from esscarto.storage.reading_files import read_content, read_path

if TYPE_CHECKING:
    from esscarto.importing.report import Report
    from esscarto.storage.table_shape import TextTable


def check_content(content: bytes, name: str, data: Path | None = None) -> "Report":
    """Check the bytes of a file that somebody brought, as :func:`check_file` does."""
    return _check(read_content(content, name), data)


def check_file(
    path: Path, data: Path | None = None, out: TextIO | None = None, workbook: Path | None = None
) -> "Report":
    """Check a file against the directory. The directory is not written to.

    Parameters
    ----------
    path : pathlib.Path
        CSV, Excel, GeoJSON or GeoPackage file.
    data : pathlib.Path, optional
        The data folder, :func:`esscarto.settings.data_dir` when absent.
    out : text stream, optional
        Where to print the report, in French.
    workbook : pathlib.Path, optional
        Where to write it as an Excel workbook.

    Raises
    ------
    DataError
        When the file is refused whole, with the reason.
    """
    report = _check(read_path(path), data)
    if workbook:
        workbook.write_bytes(report.to_xlsx())
    if out:
        out.writelines(f"{sentence}\n" for sentence in report.sentences())
    return report


def _check(table: "TextTable", data: Path | None) -> "Report":
    # Imported once the file is read: one that is refused costs neither the layers nor their libraries.
    from esscarto.importing.reference import load_reference
    from esscarto.importing.report import check_table

    return check_table(table, load_reference(data or data_dir()))
