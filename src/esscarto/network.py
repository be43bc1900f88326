"""The relations between organisations, read in both directions."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from esscarto.french import bound

FORWARD = {
    "membre_de": "membre de",
    "partenaire_de": "partenaire de",
    "finance": "finance",
    "accompagne": "accompagne",
    "gere": "gère",
    "envoie_vers": "oriente vers",
    "fournit": "fournisseur de",
    "cree": "a créé",
    "soutient": "soutient",
    "porte": "porte",
    "fait_partie_de": "fait partie de",
}
BACKWARD = {
    "membre_de": "a pour membre",
    "partenaire_de": "partenaire de",
    "finance": "a pour financeur",
    "accompagne": "a pour accompagnateur",
    "gere": "a pour gestionnaire",
    "envoie_vers": "reçoit des personnes orientées par",
    "fournit": "a pour fournisseur",
    "cree": "a pour fondateur",
    "soutient": "a pour soutien",
    "porte": "a pour porteur",
    "fait_partie_de": "comprend",
}
STATES = {"en_cours": "", "prevue": "prévu", "passee": "passé", "non_date": "non daté"}


@dataclass(frozen=True)
class Link:
    """One relation seen from one of its ends."""

    words: str
    """What the end is to the other, up to the colon: a name follows, and takes no article."""
    organisation: str
    about: str
    when: str
    source: str
    note: str


@dataclass(frozen=True)
class Network:
    """The table of relations.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text columns of ``schemas/relations.schema.json``.
    """

    frame: pd.DataFrame

    @cached_property
    def _links(self) -> dict[str, list[Link]]:
        links: dict[str, list[Link]] = {}
        for row in self.frame.to_dict("records"):
            when = ", ".join(part for part in (row["date"], STATES[row["etat"]]) if part)
            rest = (row["objet"], when, row["source"], row["note"])
            links.setdefault(row["de"], []).append(Link(bound(f"{FORWARD[row['relation']]} :"), row["vers"], *rest))
            links.setdefault(row["vers"], []).append(Link(bound(f"{BACKWARD[row['relation']]} :"), row["de"], *rest))
        return links

    def of(self, organisation: str) -> list[Link]:
        """Return the relations of one organisation, both ways."""
        return self._links.get(organisation, [])
