"""Whom to keep of an answer at first, role by role: what one click puts in the basket."""

from esscarto.asking import NOTHING, PLACED, THEME, TYPE, Answer, Item
from esscarto.partners import FAR_KM
from esscarto.site import Site

MOST_FIRSTS = 10
"""Results that one click keeps."""
PAIRED = ("accompagnement", "collectivite")
"""Roles of which two are kept: the general one and the near one do not replace each other."""


def firsts(site: Site, found: Answer) -> list[str]:
    """Return whom to keep, ten at most: the very type wherever it is, the firsts of each role, then the seconds.

    Who has nothing of the project is no first, nor who is far away, unless of the very type. The public body is the
    one to call first near the place, of those that can be reached, and the intercommunalité beside it; of who
    accompanies, one for the project and one for any.
    """
    desk = site.supports.first([holder for holder in found.holders if holder.level in ("commune", "epci", "petr")])
    very, near, far, seconds = [], [], [], []
    for group in found.groups:
        usual = [item for item in group.items if item.match < NOTHING and (group.code not in PLACED or _is_near(item))]
        if group.code == "collectivite" and desk:
            usual.sort(key=lambda item: item.row["organisation"] != desk["organisation"])
        elif group.code == "accompagnement":
            usual = usual[:1] + sorted(usual[1:], key=lambda item: item.match == THEME)
        most = 2 if group.code in PAIRED else 1
        near += usual[:most]
        seconds += usual[most : most + 1]
        very += [item for item in group.beyond if item.match == TYPE][:1]
        far += [item for item in group.beyond if item.match == THEME and _is_near(item)][:1]
    return list(dict.fromkeys(item.key for item in (*very, *near, *far, *seconds)))[:MOST_FIRSTS]


def _is_near(item: Item) -> bool:
    return item.match == TYPE or (item.match == THEME if item.km is None else item.km <= FAR_KM)
