"""The practices done elsewhere: structured sheets, in our own words, each with its document and lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

NATURES = {
    "coup_de_projecteur": "Étude de cas",
    "repere": "Initiative repérée",
    "zoom": "Zoom",
    "exemple": "Exemple",
    "methode": "Méthode",
}
STATES = {"en_cours": "en cours", "terminee": "terminée", "projet": "en projet", "non_date": "non daté"}


@dataclass(frozen=True)
class Practices:
    """The sheets of ``data/practices``, as ``schemas/pratique.md`` describes them."""

    sheets: tuple[dict[str, Any], ...]

    @cached_property
    def by_id(self) -> dict[str, dict[str, Any]]:
        """Identifier -> sheet."""
        return {sheet["id"]: sheet for sheet in self.sheets}

    def of(self, organisation: str) -> list[dict[str, Any]]:
        """Return the sheets of an organisation: those it carries, then those it takes part in."""
        carried = [sheet for sheet in self.sheets if sheet.get("organisation") == organisation]
        shared = [
            sheet
            for sheet in self.sheets
            if sheet not in carried
            and any(
                line.get("organisation") == organisation
                for part in ("partenaires", "financements")
                for line in sheet.get(part, [])
            )
        ]
        return carried + shared

    def about(self, theme: str) -> list[dict[str, Any]]:
        """Return the sheets of a theme, every sheet when no theme is asked for, the case studies first."""
        order = list(NATURES)
        kept = [sheet for sheet in self.sheets if not theme or theme in sheet.get("themes", [])]
        return sorted(kept, key=lambda sheet: (order.index(sheet["nature"]), sheet["titre"]))


def money(sheet: Mapping[str, Any]) -> list[str]:
    """Return who paid for what, and how much when the document prints it: one text a line of its financing."""
    return [
        f"{line['financeur']} : {line['objet']}" + (f" ({line['montant']})" if line.get("montant") else "")
        for line in sheet.get("financements", [])
    ]
