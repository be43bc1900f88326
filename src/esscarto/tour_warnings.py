"""What somebody should look at before leaving for a tour: its day, its hours, whom it visits."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator

from esscarto.french import bound, count, enumerate_words
from esscarto.site import Site
from esscarto.timetable import LUNCH_LATE, Timetable, lasting, said
from esscarto.tours import minutes_of
from esscarto.vocabulary import STATUTS

LONG_DAY = 9 * 60
LONG_WAIT = 30


def warnings(site: Site, table: Timetable, today: datetime.date) -> list[str]:
    """Return what to look at, in sentences.

    Parameters
    ----------
    site : Site
        The actors.
    table : Timetable
        The day.
    today : datetime.date
        The day of whoever reads.
    """
    return [bound(words) for words in (*_of_the_day(table, today), *_of_the_hours(table), *_of_the_actors(site, table))]


def _of_the_day(table: Timetable, today: datetime.date) -> Iterator[str]:
    day = table.tour.day
    if table.back - table.leave > LONG_DAY:
        yield f"Journée longue : {lasting(table.back - table.leave)}. Retirez une visite ou raccourcissez-les."
    if table.back >= 24 * 60:
        yield "La journée passe minuit."
    if day is None:
        yield "Aucune date n’est choisie : le fichier d’agenda en demande une."
    elif day < today:
        yield "Cette date est passée."
    if day and day.weekday() == 6:
        yield "Ce jour est un dimanche."


def _of_the_hours(table: Timetable) -> Iterator[str]:
    for before, visit in zip((None, *table.visits), table.visits, strict=False):
        due = visit.stop.appointment
        lunch = before.lunch if before else None
        wait = visit.begin - visit.arrival - (lunch[1] - lunch[0] if lunch and lunch[0] >= visit.arrival else 0)
        if due and visit.arrival > minutes_of(due):
            late = lasting(visit.arrival - minutes_of(due))
            yield f"{visit.name} : rendez-vous à {said(minutes_of(due))}, arrivée {late} trop tard."
        elif wait > LONG_WAIT:
            yield f"{visit.name} : {lasting(wait)} d’attente avant le rendez-vous."
        if visit.lunch and visit.lunch[0] - minutes_of(table.tour.lunch_at) > LUNCH_LATE:
            yield f"Le déjeuner commence à {said(visit.lunch[0])}."


def _of_the_actors(site: Site, table: Timetable) -> Iterator[str]:
    rows = {actor: site.actors.frame.loc[actor] for actor in table.tour.actors}

    def listed(actors: Iterable[str]) -> str:
        return enumerate_words(str(rows[actor]["nom"]) for actor in actors)

    if table.unplaced:
        yield f"Sans point sur la carte, donc hors de l’horaire : {listed(actor for actor, _ in table.unplaced)}."
    placed = [visit.stop.actor for visit in table.visits]
    rough = [actor for actor in placed if rows[actor]["precision_point"] == "commune"]
    if rough:
        yield f"Adresse à demander, seule la commune est connue : {listed(rough)}."
    doubtful = [actor for actor in placed if actor not in rough and rows[actor]["lieu_confiance"] == "probable"]
    if doubtful:
        yield f"Adresse probable, à confirmer : {listed(doubtful)}."
    for code in ("a_verifier", "projet", "passe"):
        held = [actor for actor, row in rows.items() if row["statut"] == code]
        if held:
            yield f"État « {STATUTS[code].lower()} » dans l’annuaire : {listed(held)}."
    for organisation, times in Counter(row["organisation"] for row in rows.values()).items():
        if times > 1:
            own = [actor for actor, row in rows.items() if row["organisation"] == organisation]
            yield f"{count(times, 'visite')} de la même organisation : {listed(own)}."
