"""Themes whose actors gain from meeting, and why: a small closed table, read in both directions."""

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd


@dataclass(frozen=True)
class Complements:
    """The table of complementary themes.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text columns of ``schemas/complementarites.schema.json``, each pair once.
    """

    frame: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def _reasons(self) -> dict[str, dict[str, str]]:
        reasons: dict[str, dict[str, str]] = {}
        for row in self.frame.to_dict("records"):
            for one, other in ((row["theme"], row["voisin"]), (row["voisin"], row["theme"])):
                reasons.setdefault(one, {})[other] = row["raison"]
        return reasons

    def of(self, theme: str) -> dict[str, str]:
        """Return the themes that complement one, each with the reason."""
        return self._reasons.get(theme, {})
