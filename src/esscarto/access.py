"""Who may change the directory: the machine's own user, a referent who signed in, or nobody."""

from dataclasses import dataclass

MODES = {
    "local": "l’utilisateur de cette machine peut modifier",
    "oidc": "les référents se connectent par un fournisseur d’identité (OIDC)",
    "proxy": "un serveur mandataire de confiance dit qui est référent",
    "lecture": "personne ne modifie ; les visiteurs proposent",
}
"""How the server decides who may edit, chosen by ``ESSCARTO_ACCESS``; the safest is the default."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def default_mode(address: str) -> str:
    """Return the mode of a server that listens on an address: its own user edits, a network only reads."""
    return "local" if address in _LOOPBACK else "lecture"


@dataclass(frozen=True)
class Person:
    """Who is before the screen, by role, never by name.

    Attributes
    ----------
    role : str
        A key of ``journal.EDITORS``; empty for a visitor.
    """

    role: str = ""

    @property
    def may_edit(self) -> bool:
        """Whether this person changes the directory; a visitor proposes."""
        return bool(self.role)


VISITOR = Person()
