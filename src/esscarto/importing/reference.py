"""What a file is checked against: the communes, the actors already known, the documents already cited."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from esscarto.errors import DataError
from esscarto.importing.gazetteer import Gazetteer
from esscarto.storage.former_names import read_former_names
from esscarto.storage.loading import read_actors, read_documents, read_territories
from esscarto.territories import Territories

IMPORTS = range(100, 900)
"""Numbers of the imported files: the printed documents are below, the public registers above."""


@dataclass(frozen=True, eq=False)
class Reference:
    """The directory as it stands when a file is checked.

    Parameters
    ----------
    gazetteer : Gazetteer
        The communes.
    known : pandas.DataFrame
        The actors of the directory, text columns of ``schemas/acteurs.schema.json``.
    documents : frozenset of str
        Numbers of the documents already cited.
    """

    gazetteer: Gazetteer
    known: pd.DataFrame
    documents: frozenset[str] = frozenset()

    def next_document(self) -> str:
        """Return the number under which a new file can be cited.

        Raises
        ------
        DataError
            When every number is taken.
        """
        free = next((f"{number}" for number in IMPORTS if f"{number}" not in self.documents), None)
        if free is None:
            raise DataError(
                "tous les numéros de document sont pris", "documents.csv", "Retirez ceux qui ne servent plus."
            )
        return free


def load_reference(data: Path, territories: Territories | None = None) -> Reference:
    """Read what a file is checked against from the data folder; ``territories`` when they are read already.

    Raises
    ------
    DataError
        When a layer or the table of the actors cannot be read.
    """
    geo = data / "geo"
    gazetteer = Gazetteer(territories or read_territories(geo), read_former_names(geo))
    return Reference(gazetteer, read_actors(data).rows, frozenset(read_documents(data)))
