"""What the tests share: the real site, a toy country that can be checked by eye, and hostile texts."""

from collections.abc import Callable

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box
from shapely.ops import unary_union

from esscarto.actors import Actors, locate
from esscarto.figures import Figures
from esscarto.network import Network
from esscarto.practices import Practices
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS, SITE
from esscarto.site import Site, load_site
from esscarto.supports import Supports
from esscarto.territories import LEVEL_COLUMNS, Territories

MakeActors = Callable[..., Actors]

HOSTILE = {
    "jinja expression": "{{7*7}}",
    "jinja code": "{{cycler.__init__.__globals__.os.mkdir(dict(hit=1)|first)}}",
    "jinja code with quotes": "{{ cycler.__init__.__globals__['os'].mkdir('hit') }}",
    "jinja statement": "{% x",
    "jinja comment": "{# x",
    "image": '<img src="data:," onerror="window.__x=1">',
    "details": "<details open ontoggle=window.__x=1>",
    "end of script": "</script><script>window.__x=1</script>",
    "comment": "<!--<script>",
    "backtick": "`+(window.__x=1)+`",
    "template literal": "${window.__x=1}",
    "trailing backslash": "fin \\",
    "escape": "\\u00e9 \\x41 \\\\",
    "quotes": "L'Étape \"d'Or\" & Cie <3",
    "entities": "&lt;b&gt; &amp; &#39;",
    "markdown image": "![](https://exemple.invalid/p.png)",
    "markdown": "3_4_5, $5 et $6, :red[x] # *a*",
    "javascript address": "javascript:window.__x=1",
    "composed": "\u00c9cole",
    "decomposed": "E\u0301cole",
    "emoji": "👩\u200d🌾 Ferme",
    "separators": "a\u2028b\u2029c\nd\te",
    "formula": '=HYPERLINK("https://exemple.invalid")',
    "missing words": "NA null None n/a",
    "long": "é" * 10_000,
}
"""Texts that a row may hold, in the classes that have broken folium, Leaflet, Streamlit or a spreadsheet."""


@pytest.fixture(scope="session")
def site() -> Site:
    """The real site, from the shipped data: read once, never written to."""
    return load_site(SITE / "data")


@pytest.fixture(params=list(HOSTILE.values()), ids=list(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> str:
    """One hostile text after the other."""
    return request.param


@pytest.fixture(scope="session")
def hostile_texts() -> list[str]:
    """Every hostile text."""
    return list(HOSTILE.values())


@pytest.fixture(scope="session")
def toy() -> Territories:
    r"""A country of five communes, drawn on whole degrees of longitude and latitude.

    ::

        lat 50  +----------------+-------+
                |      Haute     |       |       EPCI Ouest: Aire + Brie       PETR Val: Ouest + Nord
                |   (EPCI Nord)  | Brie  |       EPCI Nord:  La Haute          EPCI Est: in no PETR
        lat 49  +-------+--------+ (Est) |       Le Désert is also in EPCI Est and has no inhabitant
                | Aire  | Brie   |       |
                |     (Ouest)    +-------+ 48.5  département 01: Ouest + Nord ; 02: Est ; région 99: all
        lat 48  +-------+--------+ Désert|
               lon 2    3        4       5
    """
    communes = pd.DataFrame(
        [
            ("01001", "Aire", "100000001", "val", "01", 1000, 10.0, box(2, 48, 3, 49)),
            ("01002", "Brie", "100000001", "val", "01", 3000, 20.0, box(3, 48, 4, 49)),
            ("01003", "La Haute", "100000002", "val", "01", 500, 50.0, box(2, 49, 4, 50)),
            ("02001", "Brie", "100000003", None, "02", 2500, 40.0, box(4, 48.5, 5, 50)),
            ("02002", "Le Désert", "100000003", None, "02", 0, 80.0, box(4, 48, 5, 48.5)),
        ],
        columns=[
            "code_insee",
            "nom",
            "siren_epci",
            "petr",
            "code_departement",
            "population",
            "area_km2",
            "geometry",
        ],
    ).assign(code_region="99")
    names = {
        "epci": {"100000001": "CC de l’Ouest", "100000002": "CC du Nord", "100000003": "CC de l’Est"},
        "petr": {"val": "PETR du Val"},
        "departement": {"01": "Un", "02": "Deux"},
        "region": {"99": "Région"},
    }
    layers = {"commune": _layer(communes, "code_insee")}
    for level, known in names.items():
        column = LEVEL_COLUMNS[level]
        rows = [
            {
                column: code,
                "nom": name,
                "population": inside["population"].sum(),
                "area_km2": inside["area_km2"].sum(),
                "geometry": unary_union(inside["geometry"].to_list()),
            }
            for code, name in known.items()
            for inside in [communes[communes[column] == code]]
        ]
        layers[level] = _layer(pd.DataFrame(rows), column)
    return Territories(
        layers, pd.Series({"01098": "01003", "01099": "01003", "75056": "75056"}), {"populations": "2023"}
    )


def _layer(rows: pd.DataFrame, column: str) -> gpd.GeoDataFrame:
    layer = gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326").set_index(column, drop=False)
    centres = [shape.representative_point() for shape in layer.geometry]
    return layer.assign(label_lon=[point.x for point in centres], label_lat=[point.y for point in centres])


@pytest.fixture(scope="session")
def make_rows() -> Callable[..., pd.DataFrame]:
    """Make rows of actors as the reader gives them: text, "" where nothing is said."""
    columns = read_schema(SCHEMAS / "acteurs.schema.json").columns

    def make(*cells: dict[str, str]) -> pd.DataFrame:
        known = {
            "statut_ess": "statut",
            "roles": "operateur",
            "precision": "commune",
            "statut": "actif",
            "source": "000:1",
        }
        rows = []
        for number, given in enumerate(cells):
            name = given.get("id", f"acteur-{number}")
            rows.append(
                {
                    **dict.fromkeys(columns, ""),
                    **known,
                    "id": name,
                    "organisation": name,
                    "nom": name,
                    **given,
                }
            )
        return pd.DataFrame(rows, columns=columns)

    return make


@pytest.fixture(scope="session")
def make_actors(toy: Territories, make_rows: Callable[..., pd.DataFrame]) -> MakeActors:
    """Make actors located in the toy country, from the cells that matter."""

    def make(*cells: dict[str, str]) -> Actors:
        return locate(make_rows(*cells), toy)

    return make


@pytest.fixture(scope="session")
def make_site(toy: Territories, make_actors: MakeActors) -> Callable[..., Site]:
    """Make a site of the toy country, from the cells of its actors that matter."""

    def make(*cells: dict[str, str]) -> Site:
        nothing = pd.DataFrame()
        tables = (Figures(nothing), Network(nothing), Supports(nothing), Practices(()))
        return Site(toy, make_actors(*cells), *tables, {}, {})

    return make
