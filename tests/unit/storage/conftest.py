"""The toy country as files, and the folder built from them."""

import shutil
from pathlib import Path

import pytest
import toy_geo

from esscarto.storage.geo_build import build

PUBLISHED = "year,code_region,population,source"
PRINTED = "petr,siren_epci,communes,population,population_year,source"


def hand_kept(folder: Path) -> Path:
    """The tables a person keeps, for the toy country."""
    folder.mkdir(parents=True)
    people = sum(population for code, population in toy_geo.POPULATION.items() if code.startswith("02"))
    for name, text in {
        "petr.csv": toy_geo.PETR_CSV,
        "scope.csv": "code_region,nom\n32,Hauts-de-France\n",
        "published_populations.csv": f"{PUBLISHED}\n2023,32,{people},Insee\n2022,32,1,Insee\n",
        "printed_petr.csv": f"{PRINTED}\nbas,,6,1000,2021,000:5\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The two packages, and the folder built from them; not to be written in."""
    place = tmp_path_factory.mktemp("example")
    (place / "files").mkdir()
    packages = [toy_geo.write_decoupage(place / "files"), toy_geo.write_wheel(place / "files")]
    build(packages, hand_kept(place / "data" / "geo"))
    return place


@pytest.fixture
def out(tmp_path):
    """A folder with the hand-kept tables alone."""
    return hand_kept(tmp_path / "data" / "geo")


@pytest.fixture
def files(tmp_path, example):
    """A folder with the two packages."""
    return shutil.copytree(example / "files", tmp_path / "files")


@pytest.fixture
def built(tmp_path, example):
    """The folder built from the two packages."""
    return shutil.copytree(example / "data" / "geo", tmp_path / "data" / "geo")
