"""What every variant must draw: one scale's territory, actors and filter, and what counts as painted."""

import json
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np

from benchmarks import synthetic
from esscarto.cartography import layers
from esscarto.cartography.classes import METHODS
from esscarto.filters import FACETS, ActorFilter
from esscarto.metrics import INDICATORS
from esscarto.settings import SITE
from esscarto.site import Site, load_site
from esscarto.territories import Territory

SHIPPED = SITE / "data"


@dataclass(frozen=True)
class Scale:
    """How much there is to draw."""

    territory: str
    actors: int
    """Synthetic actors; 0 for those shipped."""
    query: str
    words: str


SCALES = {
    "site": Scale("petr:soissonnais-valois", 0, "", "the shipped data, the page as it opens"),
    "s": Scale("petr:soissonnais-valois", 300, "", "300 synthetic actors in one PETR"),
    "m": Scale("region:32", 15_000, "?t=region:32&n=commune", "15,000 synthetic actors in Hauts-de-France"),
}


@dataclass(frozen=True)
class Workload:
    """One scale, ready: the data folder of the application and the files of the other variants."""

    scale: Scale
    data: Path
    folder: Path
    communes: int
    family: str
    """The filter: one code of « Famille ou rôle »."""
    label: str
    everyone: int
    """Placed actors without the filter, and with it: the sums that the map must show."""
    filtered: int


def prepare(name: str, folder: Path) -> Workload:
    """Write the files of one scale under ``folder`` and count what a right map shows."""
    scale, data = SCALES[name], folder / "data"
    data.mkdir(parents=True)
    territory = Territory.parse(scale.territory)
    site = load_site(SHIPPED)
    communes = site.territories.communes.loc[site.territories.communes_of(territory)]
    if scale.actors:
        synthetic.write_data(SHIPPED, data, communes, scale.actors)
        site = load_site(data)
    else:
        data = SHIPPED
    kept = site.index.mask(ActorFilter(territory)) & site.actors.frame["lon"].notna().to_numpy()
    sums = {code: int((row & kept).sum()) for code, row in site.index.rows["f"].items()}
    # The family nearest to half of the actors: both filtering and opening again have work to do.
    family = min(sums, key=lambda code: abs(sums[code] - kept.sum() / 2))
    _write_layers(site, territory, communes, kept, folder)
    _write_panel(site, folder)
    return Workload(
        scale, data, folder, len(communes), family, FACETS["f"].labels[family], int(kept.sum()), sums[family]
    )


def _write_panel(site: Site, folder: Path) -> None:
    """Write the words and the options of the side panel, for the page that has only its widgets."""
    territories = site.territories
    petr = [f"petr:{code}" for code in territories.layers["petr"].index]
    inside = [f"commune:{code}" for text in petr for code in territories.communes_of(Territory.parse(text))]
    wide = [f"{level}:{code}" for level in ("departement", "region") for code in territories.layers[level].index]
    epci = [f"epci:{code}" for text in petr for code in territories.children(Territory.parse(text), "epci")]
    content = {
        "territories": [territories.title(Territory.parse(text)) for text in (*petr, *epci, *wide, *inside)],
        "indicators": [indicator.title for indicator in INDICATORS.values()],
        "methods": list(METHODS.values()),
        "facets": {
            key: {"title": facet.title, "labels": [facet.labels[code] for code in site.index.present[key]]}
            for key, facet in FACETS.items()
        },
    }
    (folder / "panel.json").write_text(layers.dump(content), encoding="utf-8")


def _write_layers(site: Site, territory: Territory, communes: gpd.GeoDataFrame, kept: np.ndarray, folder: Path) -> None:
    """Write the very polygons and actors of the application as GeoJSON for the variants that are not it."""
    outlines = json.loads(layers.outlines_json(site.territories, territory))
    (folder / "communes.json").write_text(layers.communes_json(site.territories, territory), encoding="utf-8")
    (folder / "epci.json").write_text(layers.dump(outlines["epci"]), encoding="utf-8")
    (folder / "bounds.json").write_text(json.dumps(communes.total_bounds.tolist()), encoding="utf-8")
    frame = site.actors.frame[kept].assign(categorie=site.actors.category[kept])
    features = [
        {
            "type": "Feature",
            "properties": {"id": row.Index, "nom": row.nom, "categorie": row.categorie},
            "geometry": {"type": "Point", "coordinates": [round(row.lon, 5), round(row.lat, 5)]},
        }
        for row in frame.itertuples()
    ]
    (folder / "actors.json").write_text(
        layers.dump({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
