"""Read the names of the communes of the past: delegated, associated, merged."""

from pathlib import Path

import pandas as pd


def read_former_names(geo: Path) -> dict[str, str]:
    """Read ``former_communes.csv``: code of a former commune -> its name, those without a name left out."""
    frame = pd.read_csv(geo / "former_communes.csv", dtype=str, keep_default_na=False)
    named = frame[frame["nom"] != ""]
    return dict(zip(named["code_ancien"], named["nom"], strict=True))
