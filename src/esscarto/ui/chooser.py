"""The territories that can be chosen, and how each is named."""

import functools

from esscarto.french import sort_key
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui.state import EVERYWHERE


@functools.lru_cache(maxsize=2)
def territories(site: Site) -> dict[str, str]:
    """Return ``level:code`` -> name, the PETR first, then their EPCI, the wider levels, their communes."""
    layers = site.territories.layers
    petrs = [Territory("petr", code) for code in layers["petr"]["population"].sort_values(ascending=False).index]
    epcis = [Territory("epci", code) for petr in petrs for code in site.territories.children(petr, "epci")]
    others = [
        Territory("epci", str(code)) for code in layers["epci"].index if Territory("epci", str(code)) not in epcis
    ]
    others.sort(key=lambda epci: sort_key(site.territories.name(epci)))
    wide = [Territory(level, code) for level in ("departement", "region") for code in layers[level].index]
    communes = [Territory("commune", code) for petr in petrs for code in site.territories.communes_of(petr)]
    communes.sort(key=lambda commune: sort_key(site.territories.name(commune)))
    local = {str(territory): site.territories.name(territory) for territory in [*petrs, *epcis, *wide]}
    return {
        **local,
        EVERYWHERE: "Partout (tous les acteurs)",
        **{str(one): title(site, one) for one in communes},
    }


def title(site: Site, territory: Territory) -> str:
    """Name a territory; a commune with its intercommunalité."""
    name = site.territories.name(territory)
    above = site.territories.parent(territory) if territory.level == "commune" else None
    return f"{name} ({site.territories.name(above)})" if above else name
