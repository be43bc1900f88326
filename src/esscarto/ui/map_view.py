"""The map on the page: the one call to streamlit-folium, and the message that each rerun sends down."""

import functools
from typing import Any

import numpy as np
from streamlit_folium import st_folium

from esscarto.cartography import layers
from esscarto.cartography.classes import METHODS, classify
from esscarto.cartography.map import Apply, base_map, pack_mask
from esscarto.metrics import INDICATORS, Counts
from esscarto.site import Site
from esscarto.territories import Territories, Territory
from esscarto.ui import cache, state
from esscarto.ui.direct import CHANNELS
from esscarto.ui.state import View

HEIGHT_PX = 620
"""Height asked of the component; the page's style then follows the height of the screen."""


def draw(site: Site, view: View, counts: Counts) -> None:
    """Draw the map.

    Parameters
    ----------
    site : Site
        The territories and the actors.
    view : View
        What is chosen.
    counts : Counts
        The counts at the level that is coloured, under the current filter.
    """
    sheet = site.territories.sheet_of(view.sheet_centre)
    assets = cache.assets()
    wanted = state.numbered(message(site, view, counts, sheet), CHANNELS.new)
    heard = CHANNELS.send(wanted["canal"], layers.dump(wanted))
    actors_url = assets.json_url("acteurs", lambda: layers.actors_json(site))
    st_folium(
        base_map(actors_url),
        key=state.map_key(),
        height=HEIGHT_PX,
        use_container_width=True,
        returned_objects=["last_object_clicked_popup"],
        feature_group_to_add=Apply({key: wanted[key] for key in ("canal", "n")} if heard else wanted),
        on_change=state.receive_message,
    )


def message(site: Site, view: View, counts: Counts, sheet: Territory) -> dict[str, Any]:
    """Return what the browser must show: ids, numbers and words of closed lists."""
    assets, territories = cache.assets(), site.territories
    codes = territories.children(sheet, view.level)
    shown = _inside(territories, sheet, view.sheet_centre, view.level)
    indicator = INDICATORS[view.indicator]
    classes = classify(indicator.values(counts).reindex(codes), indicator, view.method, shown)
    name = f"{sheet.level}-{sheet.code}"
    families = view.wanted.chosen.get("f", ())
    return {
        "fond": {
            "contours": assets.json_url(f"contours-{name}", lambda: layers.outlines_json(territories, sheet)),
            "communes": assets.json_url(f"communes-{name}", lambda: layers.communes_json(territories, sheet))
            if view.level == "commune"
            else None,
        },
        "niveau": view.level,
        "classes": classes.keys,
        "mask": pack_mask(site.index.mask(view.wanted.without("f"))),
        "familles": list(families),
        "ack": view.ack,
        "vue": {
            "cle": str(view.wanted.territory or state.EVERYWHERE),
            "b": layers.bounds_of(territories, view.sheet_centre),
        },
        "sel": f"acteur:{view.actor}" if view.actor else str(view.selected or ""),
        "plan": view.plan,
        "legende": {
            "titre": indicator.title,
            "note": METHODS[view.method],
            "classes": [{"k": entry.key, "c": entry.colour, "t": entry.text} for entry in classes.legend],
        },
    }


@functools.lru_cache(maxsize=256)
def _inside(territories: Territories, sheet: Territory, centre: Territory, level: str) -> np.ndarray:
    """Return which territories of a sheet are in the one shown; the others are its ground."""
    return np.asarray(territories.children(sheet, level).isin(territories.children(centre, level)))
