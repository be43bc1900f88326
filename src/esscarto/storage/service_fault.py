"""What can go wrong with a web service, in words that its user can act on."""

from enum import StrEnum

from esscarto.errors import DataError


class Fault(StrEnum):
    """What can go wrong with a service."""

    DOWN = "injoignable"
    SLOW = "lent"
    BUSY = "occupe"
    BROKEN = "en_panne"
    REFUSED = "refus"
    ABSENT = "absent"
    LOOP = "redirections"
    PORTAL = "portail"
    HUGE = "trop_gros"
    GARBAGE = "illisible"


SAID = {
    Fault.DOWN: ("est injoignable", "Vérifiez la connexion, puis relancez."),
    Fault.SLOW: ("n’a pas fini de répondre en {s}", "Réessayez plus tard."),
    Fault.BUSY: ("reçoit trop de demandes{s}", "Réessayez plus tard."),
    Fault.BROKEN: ("est en panne{s}", "Réessayez plus tard."),
    Fault.REFUSED: ("refuse la demande{s}", "Signalez-le : la demande est à revoir."),
    Fault.ABSENT: ("ne trouve pas ce qui est demandé{s}", "Signalez-le : la demande est à revoir."),
    Fault.LOOP: ("renvoie d’adresse en adresse sans fin", "Réessayez plus tard."),
    Fault.PORTAL: (
        "a été remplacé par une page web",
        "Un portail de connexion filtre peut-être le réseau : ouvrez un navigateur, connectez-vous, relancez.",
    ),
    Fault.HUGE: ("envoie une réponse de plus de {s}", "La réponse n’a pas été lue. Signalez-le."),
    Fault.GARBAGE: ("a donné une réponse illisible{s}", "Rien n’en a été gardé. Réessayez plus tard."),
}
AGAIN = (Fault.DOWN, Fault.BUSY, Fault.BROKEN)
"""Faults that may be gone a moment later."""


class ServiceError(DataError):
    """A web service that could not be used, told to the user in French.

    Parameters
    ----------
    service : str
        The service in words: ``Le géocodeur``.
    fault : Fault
        What went wrong.
    detail : str
        What completes the sentence.
    wait_s : float, optional
        Seconds after which the service asks to be tried again.
    """

    def __init__(self, service: str, fault: Fault, detail: str = "", wait_s: float | None = None):
        said, remedy = SAID[fault]
        super().__init__(f"{service} {said.format(s=detail)}", remedy=remedy)
        self.fault = fault
        self.wait_s = wait_s
