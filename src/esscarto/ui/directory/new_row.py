"""A row that does not exist yet: what it needs, what follows from what is typed, and who looks like it."""

from collections.abc import Mapping

import pandas as pd

from esscarto import completing
from esscarto.editing import EditError, new_identifier
from esscarto.french import NBSP, enumerate_words, fold
from esscarto.ui.directory import opening, rows
from esscarto.ui.directory.opening import Opening

FIRST = (
    *("nom", "statut_ess", "famille", "roles", "adresse", "code_postal", "commune"),
    *("telephone", "courriel", "site_web", "statut"),
)
"""What a person has to say, or usually knows; the identifier, the organisation, the place and the source follow."""


def completed(typed: Mapping[str, str], known: pd.DataFrame, origin: str) -> dict[str, str]:
    """Return a new row with what follows from what is typed.

    Parameters
    ----------
    typed : mapping of str to str
        What the form holds.
    known : pandas.DataFrame
        The directory, where identifiers are taken.
    origin : str
        ``saisie:2026-11-22`` or ``proposition:12``.
    """
    row = {column: value for column, value in typed.items() if value}
    row.setdefault("id", new_identifier(row.get("nom", ""), row.get("commune", ""), known["id"]))
    row.setdefault("organisation", row["id"])
    return {**row, **completing.place({}, row), **completing.source({}, row, origin)}


def tell_look_alikes(form: Opening, typed: Mapping[str, str], known: pd.DataFrame, button: str) -> None:
    """Stop, once, a new row of the same name or SIRET as a known one.

    Raises
    ------
    EditError
        The first time; whoever sends the same form again means it.
    """
    name, siret = fold(typed["nom"]), typed.get("siret", "")
    same = known[((known["nom"].map(fold) == name) & bool(name)) | ((known["siret"] == siret) & bool(siret))]
    alike = tuple(same["id"])
    if alike and alike != form.warned:
        opening.warn(form, alike)
        named = enumerate_words(rows.names(same).values())
        fault = f"l’annuaire a déjà{NBSP}: {named}. Si c’est un autre lieu, cliquez encore sur «{NBSP}{button}{NBSP}»."
        raise EditError({"nom": fault}, {})
