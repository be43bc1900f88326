"""What is carried and presented: the file of a tour, the file of a territory, each with its screens."""

import datetime
from collections import Counter

import numpy as np

from esscarto.documents.selection import Selection
from esscarto.filters import ActorFilter
from esscarto.offline.page import export
from esscarto.screens import territory as territory_screens
from esscarto.screens import tour as tour_screens
from esscarto.site import Site
from esscarto.territories import LEVEL_COLUMNS, Territory
from esscarto.timetable import Timetable


def of_tour(site: Site, table: Timetable, day: datetime.date, opens: str = "", contact: str = "") -> bytes:
    """Return the file of a tour (HTML, UTF-8): map, list and filters of its territory, hours, notebook, screens.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    table : Timetable
        The day, with a stop at least.
    day : datetime.date
        The day of the file.
    opens : str
        ``tour`` or ``territoire`` to open on these screens; on the map by default.
    contact : str
        Whom to call on the day: written in the file, kept nowhere.
    """
    around = home(site, table)
    decks = (tour_screens.deck(site, table), territory_screens.deck(site, around, day))
    return export(_selection(site, around, day, table.tour.actors), table, decks, opens, contact)


def of_territory(site: Site, territory: Territory, day: datetime.date, opens: str = "") -> bytes:
    """Return the file of a territory, with the eight screens that tell it; a commune gives its intercommunalité."""
    wide = site.territories.parent(territory) if territory.level == "commune" else territory
    around = wide or territory
    return export(_selection(site, around, day), None, (territory_screens.deck(site, around, day),), opens)


def home(site: Site, table: Timetable) -> Territory:
    """Return the territory of a tour: the PETR where most of its stops are, else the intercommunalité or wider."""
    stops = site.actors.frame.loc[table.tour.actors]
    for level in ("petr", "epci", "departement", "region"):
        held = Counter(code for code in stops[LEVEL_COLUMNS[level]] if isinstance(code, str) and code)
        if held:
            return Territory(level, min(held, key=lambda code: (-held[code], code)))
    layer = site.territories.layers["region"]
    return Territory("region", str(layer["population"].idxmax()))


def _selection(site: Site, around: Territory, day: datetime.date, actors: list[str] | None = None) -> Selection:
    mask = site.index.inside(around) | np.asarray(site.actors.frame.index.isin(actors or []))
    sentence = ActorFilter(around).sentence(int(np.count_nonzero(mask)), site.territories)
    return Selection(site, mask, sentence, day, around)
