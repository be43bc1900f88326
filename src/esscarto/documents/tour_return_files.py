"""What a tour brought back, for a spreadsheet: the file that is exchanged (CSV), and the full texts (Excel)."""

import csv
import datetime
import io
from collections.abc import Iterable

from esscarto.documents import tables_xlsx
from esscarto.documents.tables_xlsx import Cell
from esscarto.feedback import COLUMNS, Feedback, to_row
from esscarto.french import date
from esscarto.inert import shield
from esscarto.tour_report import TourReport


def exchange(feedbacks: Iterable[Feedback]) -> bytes:
    """Return the CSV that the import reads back: UTF-8 with its mark, ``;``, one row a stop that has something.

    A cell that a spreadsheet would compute begins with an apostrophe, which the import takes away.
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(shield, to_row(one).values()) for one in feedbacks if not one.is_empty)
    return lines.getvalue().encode("utf-8-sig")


def workbook(report: TourReport, today: datetime.date) -> bytes:
    """Return the workbook: every stop with its full texts, the follow-ups one a row, what the file is."""
    table = report.table
    stops: list[list[Cell]] = [["Étape", "Présents", "Notes", "Suites"]]
    stops += [
        [line.title, "" if one.present is None else one.present, one.notes, one.follow_ups]
        for line in report.lines
        for one in (line.feedback,)
    ]
    actions: list[list[Cell]] = [["Suite à donner", "Étape", "Qui s’en charge", "Pour quand", "Fait"]]
    actions += [[action, line.title, "", "", ""] for action, line in report.actions]
    about: list[list[Cell]] = [
        ["Rubrique", "Contenu"],
        ["Tour", table.tour.name],
        ["Date", date(table.tour.day.isoformat()) if table.tour.day else "à fixer"],
        ["Prévu", table.sentence],
        ["En bref", report.sentence],
        ["Présences", "Une personne présente à deux étapes compte deux fois."],
    ]
    return tables_xlsx.export(table.tour.name, {"Étapes": stops, "Suites": actions, "À savoir": about}, today)
