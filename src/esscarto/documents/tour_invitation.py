"""The invitation to a tour: a text ready to paste in a message."""

from esscarto.french import NBSP, bound, clean, number
from esscarto.timetable import Timetable, due_hours, said

STEP = 5
"""Minutes to which the hours that nothing fixes are rounded: a day on the road is no railway."""


def invitation(table: Timetable) -> str:
    """Return the text of an invitation, ready to paste in a message."""
    when = f"le {table.tour.when}" if table.tour.day else "[date à fixer]"
    start = f"Rendez-vous à {said(table.leave)}" + (f" à {table.start}" if table.start else "")
    lines = [
        f"Objet : {table.tour.name or 'ESS Tour'}, {when}",
        "",
        "Madame, Monsieur,",
        "",
        f"Nous vous invitons à un ESS Tour {when} : une journée de visites chez des acteurs de l’économie sociale et "
        "solidaire de notre territoire, pour comprendre ce qu’ils font, ce qui leur manque et ce que nous pouvons "
        "faire ensemble.",
        "",
        f"{start}. Au programme :",
        "",
    ]
    for visit in table.visits:
        at = due_hours(visit) if visit.stop.appointment else _about(visit.begin, visit.end)
        lines.append(f"- {at} : {visit.name}, {visit.place}")
        if visit.lunch:
            lines.append(f"- {_about(*visit.lunch)} : déjeuner")
    lines += [
        "",
        f"Retour vers {_rounded(table.back)}{f' à {table.end}' if table.end else ''}. "
        f"Environ {number(table.km)}{NBSP}km de route (estimation).",
        "",
        "Merci de confirmer votre présence à [adresse de l’organisateur] avant le [date].",
    ]
    return "\n".join(bound(clean(line)) for line in lines)


def _about(begin: int, end: int) -> str:
    return f"{_rounded(begin)} à {_rounded(end)} environ"


def _rounded(minutes: int) -> str:
    return said(round(minutes / STEP) * STEP)
