"""The actors: what each row means, and the join that puts each of them in its commune, EPCI and PETR."""

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from esscarto.french import clean, fold
from esscarto.schema import LIST_SEPARATOR
from esscarto.territories import LEVEL_COLUMNS, METRIC_CRS, Territories, Territory
from esscarto.vocabulary import PLACED

ESS_COUNTED = ("statut", "qualification")
"""Links to the ESS that enter a density: never the support bodies, public bodies or conventional firms."""

SAME_PLACE_M = 500.0
"""A point this close to its declared commune is taken as inside it: the shipped contours are simplified."""

MAINLAND = (-5.3, 41.2, 9.7, 51.2)
"""West, south, east, north of mainland France, in degrees: a point outside is a slip, not a place."""


@dataclass(frozen=True)
class JoinFinding:
    """What the join met that somebody should look at."""

    actor: str
    kind: str
    message: str


@dataclass(frozen=True)
class Actors:
    """The located actors.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per place of activity, in the order of the file, indexed by ``id``, with the columns of
        ``schemas/acteurs.schema.json`` and those that :func:`locate` adds.
    findings : tuple of JoinFinding
        What the join could not settle by itself.
    """

    frame: pd.DataFrame
    findings: tuple[JoinFinding, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def category(self) -> pd.Series:
        """What the map draws each actor as, on the actors' index: codes of ``vocabulary.CATEGORIES``."""
        frame = self.frame
        is_ptce = frame["types"].map(lambda cell: "ptce" in map(str.strip, cell.split(LIST_SEPARATOR)))
        role = frame["statut_ess"].where(frame["statut_ess"].isin(["accompagnement", "public", "hors_ess"]))
        family = frame["famille"].where(frame["famille"] != "")
        return role.fillna(family).fillna("autre").where(~is_ptce, "ptce").rename("categorie")

    @cached_property
    def counted(self) -> np.ndarray:
        """Whether each actor enters the densities: of the ESS, in activity or to be checked."""
        of_ess = self.frame["statut_ess"].isin(ESS_COUNTED)
        return (of_ess & self.frame["statut"].isin(["actif", "a_verifier"])).to_numpy()

    @cached_property
    def searchable(self) -> list[str]:
        """Folded text of each actor, printed spellings included: a filter looks for the beginnings of its words."""
        columns = ["nom", "aliases", "description", "commune", "note"]
        return [f" {fold(' '.join(cells))}" for cells in self.frame[columns].itertuples(index=False)]

    def positions(self, level: str, codes: pd.Index) -> np.ndarray:
        """Return, for each actor, the position of its territory of ``level`` in ``codes``, -1 outside."""
        return codes.get_indexer(self.frame[LEVEL_COLUMNS[level]])

    def inside(self, territory: Territory) -> np.ndarray:
        """Return whether each actor is known to be inside a territory, at any precision."""
        return (self.frame[LEVEL_COLUMNS[territory.level]] == territory.code).to_numpy()


def locate(rows: pd.DataFrame, territories: Territories) -> Actors:
    """Join actors to the territories.

    Each placed actor falls in exactly one commune. Its declared code decides (old codes resolved); its point
    is compared with it. Without a declared code the commune under the point decides, and on a border the
    smallest code. An actor without a commune belongs to its ``territoire`` and to those above.

    Parameters
    ----------
    rows : pandas.DataFrame
        Text columns of ``schemas/acteurs.schema.json``; ``longitude`` and ``latitude`` in degrees (EPSG:4326).
    territories : Territories
        The layers to join with.

    Returns
    -------
    Actors
        The same rows with ``code_insee`` of today (the one of the file stays in ``code_insee_declare``),
        ``siren_epci``, ``petr``, ``code_departement``, ``code_region`` (None where unknown), ``lon``,
        ``lat`` (EPSG:4326), ``x``, ``y`` (EPSG:2154, metres; NaN when the actor has no point) and
        ``rattachement`` (``level:code`` of the smallest known territory) and ``precision_point`` (that of the
        point drawn: ``commune`` when it is the commune's own).
    """
    frame = rows.set_index("id", drop=False)
    for column in rows.columns:
        frame[column] = frame[column].map(clean)
    findings: list[JoinFinding] = []
    doubtful = frame["lieu_confiance"] == "douteux"
    placed = frame["precision"].isin(PLACED) & ~doubtful
    points = _points(frame, placed)
    declared = _declared_communes(frame, placed, territories, findings)
    commune = declared.fillna(_communes_under(points, declared, territories, findings))
    frame["code_insee_declare"] = frame["code_insee"]
    frame["code_insee"] = commune
    _attach_levels(frame, territories)
    findings += _without_place(frame, placed, points)

    labels = territories.communes[["label_lon", "label_lat"]].reindex(commune)
    # A point that the comparison refutes is not drawn: its commune is. Elsewhere in France a point may be right.
    refuted = {finding.actor for finding in findings if finding.kind == "ecart_commune"}
    points = points.cx[MAINLAND[0] : MAINLAND[2], MAINLAND[1] : MAINLAND[3]]
    points = points[~points.index.isin(refuted)]
    lon = points.x.reindex(frame.index).to_numpy(float)
    lat = points.y.reindex(frame.index).to_numpy(float)
    at_label = (placed & commune.notna()).to_numpy() & np.isnan(lon)
    frame["precision_point"] = np.where(at_label, "commune", frame["precision"])
    frame["lon"] = np.where(at_label, labels["label_lon"], lon)
    frame["lat"] = np.where(at_label, labels["label_lat"], lat)
    projected = gpd.GeoSeries.from_xy(frame["lon"], frame["lat"], crs="EPSG:4326").to_crs(METRIC_CRS)
    known = frame["lon"].notna().to_numpy()
    frame["x"] = np.where(known, projected.x, np.nan)
    frame["y"] = np.where(known, projected.y, np.nan)
    return Actors(frame, tuple(findings))


def _without_place(frame: pd.DataFrame, placed: pd.Series, points: gpd.GeoSeries) -> list[JoinFinding]:
    """Report the rows that promise a place and give neither a commune of the layers nor a usable point."""
    lost = placed & frame["code_insee"].isna() & (frame["code_insee_declare"] == "") & ~frame.index.isin(points.index)
    message = "ni commune ni point lisible : il n’entre dans aucun compte de commune"
    return [JoinFinding(str(actor), "sans_lieu", message) for actor in frame.index[lost]]


def _points(frame: pd.DataFrame, placed: pd.Series) -> gpd.GeoSeries:
    """Return the points that the rows give, on the actors' index."""
    lon = pd.to_numeric(frame["longitude"], errors="coerce")
    lat = pd.to_numeric(frame["latitude"], errors="coerce")
    given = placed & lon.between(-180, 180) & lat.between(-90, 90)
    return gpd.GeoSeries(gpd.points_from_xy(lon[given], lat[given]), index=frame.index[given], crs="EPSG:4326")


def _declared_communes(
    frame: pd.DataFrame, placed: pd.Series, territories: Territories, findings: list[JoinFinding]
) -> pd.Series:
    """Return today's commune of each declared code, None where there is none."""
    current = {code: territories.current_commune(code) for code in frame["code_insee"].unique() if code}
    for row in frame[placed].itertuples():
        code = str(row.code_insee)
        if code and current[code] is None:
            findings.append(JoinFinding(row.id, "code_inconnu", f"la commune {code} n’est dans aucune couche"))
        elif code and current[code] != code:
            findings.append(JoinFinding(row.id, "code_ancien", f"la commune {code} fait partie de {current[code]}"))
    return frame["code_insee"].map(current).where(placed).astype(object)


def _communes_under(
    points: gpd.GeoSeries, declared: pd.Series, territories: Territories, findings: list[JoinFinding]
) -> pd.Series:
    """Return the commune under each point that declares none, and compare the others with their commune."""
    communes = territories.communes.geometry
    pairs = communes.sindex.query(points, predicate="intersects")
    under: dict[str, list[str]] = {str(actor): [] for actor in points.index}
    for actor, commune in zip(points.index[pairs[0]], communes.index[pairs[1]], strict=True):
        under[actor].append(str(commune))
    located = {}
    for actor, codes in under.items():
        code = declared.get(actor)
        if isinstance(code, str):
            if code not in codes:
                _compare(actor, code, codes, points, communes, findings)
        elif codes:
            located[actor] = min(codes)
        else:
            findings.append(JoinFinding(actor, "hors_communes", "son point n’est dans aucune commune connue"))
    return pd.Series(located, dtype=object).reindex(declared.index)


def _compare(
    actor: str,
    code: str,
    codes: list[str],
    points: gpd.GeoSeries,
    communes: gpd.GeoSeries,
    findings: list[JoinFinding],
) -> None:
    """Report a point that lies well outside the commune its row declares."""
    point = points.loc[[actor]].to_crs(METRIC_CRS).iloc[0]
    metres = communes.loc[[code]].to_crs(METRIC_CRS).iloc[0].distance(point)
    if metres > SAME_PLACE_M:
        there = min(codes) if codes else "aucune commune connue"
        findings.append(
            JoinFinding(actor, "ecart_commune", f"déclaré dans {code}, son point est à {metres:.0f} m, dans {there}")
        )


def _attach_levels(frame: pd.DataFrame, territories: Territories) -> None:
    """Write the code of each level above, from the commune or else from the territory of attachment."""
    columns = [column for level, column in LEVEL_COLUMNS.items() if level != "commune"]
    above = territories.communes[columns].reindex(frame["code_insee"])
    for column in columns:
        frame[column] = above[column].to_numpy(dtype=object)
    attachment = {
        text: territory
        for text in frame["territoire"].unique()
        if text and (territory := Territory.parse(text)) in territories
    }
    smallest = []
    for actor, code, text in zip(frame.index, frame["code_insee"], frame["territoire"], strict=True):
        if isinstance(code, str):
            smallest.append(f"commune:{code}")
            continue
        smallest.append(text)
        if text in attachment:
            for holder in [attachment[text], *territories.parents(attachment[text])]:
                frame.at[actor, LEVEL_COLUMNS[holder.level]] = holder.code
    frame["rattachement"] = smallest
    for column in LEVEL_COLUMNS.values():
        values = frame[column].astype(object)
        frame[column] = values.where(values.notna(), None)
