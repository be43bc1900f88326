"""The territories that can be chosen, and how each is named."""

import functools
from collections import Counter
from collections.abc import Mapping

from esscarto.french import sort_key
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui.state import EVERYWHERE
from esscarto.vocabulary import LEVELS


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


@functools.lru_cache(maxsize=2)
def communes(site: Site) -> dict[str, str]:
    """Return ``code_insee`` -> name and département of every commune of the layers, in alphabetical order."""
    layer = site.territories.communes
    ordered = sorted(zip(layer.index, layer["nom"], strict=True), key=lambda commune: sort_key(commune[1]))
    # The code of a commune begins with that of its département, which the layers give for some regions only.
    return {code: f"{name} ({code[: 3 if code.startswith('97') else 2]})" for code, name in ordered}


@functools.lru_cache(maxsize=2)
def wider_territories(site: Site) -> dict[str, str]:
    """Return ``level:code`` -> name of the territories wider than a commune, the widest last."""
    layers = site.territories.layers
    found = [Territory(level, str(code)) for level in LEVELS if level != "commune" for code in layers[level].index]
    found.sort(key=lambda one: (list(LEVELS).index(one.level), sort_key(site.territories.name(one))))
    return {str(one): site.territories.name(one) for one in found}


def told_apart(labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of a choice, each one different: Streamlit knows an option by its label alone."""
    counts = Counter(labels.values())
    return {key: f"{label} ({key})" if counts[label] > 1 and key else label for key, label in labels.items()}
