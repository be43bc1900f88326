"""Which territories one is read beside: those that the page Comparer begins with."""

from esscarto.site import Site
from esscarto.territories import Territory

MOST = 8
MARK = "◆"
"""Before the name of the territory that the visitor comes from, which is also bold."""


def usual(site: Site, level: str, around: Territory) -> list[str]:
    """Return the territories of a level to compare at first, as ``level:code``.

    Beside a commune, those of its intercommunalité that are nearest in population, itself first. Else the most
    inhabited of the PETR, of the région or of the layers; the one that holds ``around`` is among them, the first.
    """
    territories = site.territories
    people = territories.layers[level]["population"]
    holders = (around, *territories.parents(around))
    sheet = territories.sheet_of(around)
    if level == around.level == "commune":
        beside = people.loc[territories.children(territories.parent(around) or sheet, level)]
        order = (beside - people[around.code]).abs().sort_values(kind="stable")
    else:
        if level in ("petr", "region"):
            codes = list(people.index)
        else:
            wide = next((one for one in territories.parents(sheet) if one.level == "region"), sheet)
            codes = territories.children(wide if level == "departement" else sheet, level)
        order = people.loc[codes].sort_values(ascending=False, kind="stable")
    own = [str(one) for one in holders if one.level == level and around.level in ("commune", level)]
    found = list(dict.fromkeys([*own, *(f"{level}:{code}" for code in order.index)]))
    return found[: 4 if level == "commune" != around.level else MOST]


def is_own(site: Site, territory: Territory, around: Territory) -> bool:
    """Whether a territory is the one that the visitor comes from, or holds it; nobody comes from a PETR or wider."""
    return around.level in ("commune", "epci") and territory in (around, *site.territories.parents(around))


def said(site: Site, chosen: list[str], around: Territory) -> str:
    """Say how the neighbours of a commune were chosen, when the visitor has not changed them."""
    above = site.territories.parent(around)
    if around.level != "commune" or not above or set(chosen) != set(usual(site, "commune", around)):
        return ""
    return f"Les communes les plus proches en population dans l’intercommunalité ({site.territories.name(above)})."
