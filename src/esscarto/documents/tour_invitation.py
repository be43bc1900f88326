"""The invitation to a tour: a text ready to paste in a message."""

from esscarto.french import NBSP, bound, clean, date, number
from esscarto.timetable import Timetable, hours, said

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def invitation(table: Timetable) -> str:
    """Return the text of an invitation, ready to paste in a message."""
    day = table.tour.day
    when = f"le {_DAYS[day.weekday()]} {date(day.isoformat())}" if day else "[date à fixer]"
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
        lines.append(f"- {hours(visit)} : {visit.name}, {visit.place}")
        if visit.lunch:
            lines.append(f"- {said(visit.lunch[0])} à {said(visit.lunch[1])} : déjeuner")
    lines += [
        "",
        f"Retour vers {said(table.back)}{f' à {table.end}' if table.end else ''}. "
        f"Environ {number(table.km)}{NBSP}km de route (estimation).",
        "",
        "Merci de confirmer votre présence à [adresse de l’organisateur] avant le [date].",
    ]
    return "\n".join(bound(clean(line)) for line in lines)
