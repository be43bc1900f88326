"""What visitors propose for the directory: a queue that a person reads. Nothing in it is live until accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from esscarto.editing import Addition, Correction, EditError, actors_schema, faults, quoted, tidy, tidy_row
from esscarto.errors import DataError
from esscarto.french import NBSP, count
from esscarto.journal import ACTORS, Change, checked_reason, record_in
from esscarto.privacy import personal_data
from esscarto.proposal_queue import ACCEPTED, PENDING, REFUSED, STATES, Proposal, read_queue, write_queue
from esscarto.ratelimit import RateLimiter
from esscarto.schema import TableSchema
from esscarto.storage.store import Store, Transaction

PROPOSABLE = (
    "nom",
    "aliases",
    "famille",
    "types",
    "themes",
    "description",
    "adresse",
    "code_postal",
    "commune",
    "code_insee",
    "siret",
    "telephone",
    "courriel",
    "site_web",
    "statut",
    "statut_date",
)
"""Columns that a visitor may fill in; the others (identifier, source, place) are the moderator's."""

MAX_CELL = 300
MAX_LONG_CELL = {"description": 2000}
MAX_BYTES = 8192
MAX_PENDING = 500
MAX_PER_HOUR = 60
"""Of all visitors together: beyond, somebody is filling the queue."""


@dataclass(frozen=True)
class Submission:
    """A form as a visitor sends it.

    Parameters
    ----------
    cells : mapping of str to str
        Column -> value, among :data:`PROPOSABLE`.
    origin : str
        Where the visitor knows it from: no value enters the directory without a source.
    actor : str
        ``id`` of the actor to correct; "" for a new one.
    trap : str
        A field that no person sees: what fills it in is a program.
    """

    cells: Mapping[str, str]
    origin: str
    actor: str = ""
    trap: str = ""


def submit(
    store: Store,
    submission: Submission,
    *,
    sender: str,
    limiter: RateLimiter,
    now: datetime | None = None,
    schema: TableSchema | None = None,
) -> Proposal:
    """Put a submission in the queue.

    Parameters
    ----------
    store : Store
        Where the queue is kept.
    submission : Submission
        The form.
    sender : str
        What tells one visitor from another (session, network address): hashed for the limiter, never stored.
    limiter : RateLimiter
        One for the whole server.
    now : datetime.datetime, optional
        With its time zone; the clock of the machine when not given.
    schema : TableSchema, optional
        What a valid row is; the published schema when not given.

    Returns
    -------
    Proposal
        As it waits.

    Raises
    ------
    EditError
        With the fault of each field: invalid, too long, somebody's personal data.
    DataError
        Too many sendings, a filled trap, nothing new, a full queue, a store that cannot be written.
    """
    if submission.trap.strip():
        raise DataError("ce formulaire a été rempli par un programme", "", "Laissez vide le champ caché.")
    wait_s = limiter.wait_s(sender)
    if wait_s:
        minutes = count(int(wait_s // 60) + 1, "minute")
        raise DataError("vous avez déjà envoyé plusieurs propositions", "", f"Réessayez dans {minutes}.")
    schema = schema or actors_schema()
    cells, origin = _checked(submission, schema)
    moment = now or datetime.now().astimezone()
    with store.transaction() as under_way:
        queue = read_queue(under_way)
        _check_room(queue, moment)
        seen = {}
        if submission.actor:
            row = _row(under_way, submission.actor)
            cells = {column: value for column, value in cells.items() if row[column] != value}
            seen = {column: row[column] for column in cells}
        if not cells:
            raise DataError("vous n’avez rien changé", "", "Modifiez une valeur avant d’envoyer.")
        if any(p.state == PENDING and p.actor == submission.actor and p.cells == cells for p in queue):
            raise DataError("cette proposition est déjà arrivée", "", "Elle attend d’être lue.")
        number = max((known.number for known in queue), default=0) + 1
        proposal = Proposal(number, moment.isoformat(timespec="seconds"), submission.actor, cells, origin, seen)
        write_queue(under_way, [*queue, proposal])
    return proposal


def pending(store: Store) -> list[Proposal]:
    """Return the proposals that wait, the oldest first."""
    return [proposal for proposal in read_queue(store) if proposal.state == PENDING]


def accept(
    store: Store,
    number: int,
    *,
    role: str,
    cells: Mapping[str, str] | None = None,
    seen: Mapping[str, str] | None = None,
    reason: str = "",
    now: datetime | None = None,
    schema: TableSchema | None = None,
) -> Change:
    """Make an edit of a proposal, recorded in the journal, and take it off the queue, all at once.

    Parameters
    ----------
    store : Store
        Where the queue and the directory are kept.
    number : int
        Number of the proposal.
    role : str
        Who decides: a key of :data:`esscarto.journal.EDITORS`.
    cells : mapping of str to str, optional
        What the moderator changes in the proposed values, or adds to them; a new actor needs at least its
        identifier, its organisation and its source.
    seen : mapping of str to str, optional
        The row as the moderator read it, when it is not any more what the visitor saw.
    reason : str
        A word for the journal.
    now : datetime.datetime, optional
        With its time zone; the clock of the machine when not given.
    schema : TableSchema, optional
        What a valid row is; the published schema when not given.

    Returns
    -------
    Change
        The change as the journal holds it.

    Raises
    ------
    EditError
        With the fault of each column.
    ConflictError
        When the actor has changed since the visitor, or the moderator, saw it.
    DataError
        When the proposal is not waiting, or the store cannot be written.
    """
    moment = now or datetime.now().astimezone()
    with store.transaction() as under_way:
        queue = read_queue(under_way)
        proposal = _waiting(queue, number)
        after = {**proposal.cells, **(cells or {})}
        edit = (
            Correction(proposal.actor, proposal.seen if seen is None else seen, after)
            if proposal.actor
            else Addition(after)
        )
        said = f"proposition {number} acceptée" + (f"{NBSP}: {reason}" if reason else "")
        (change,) = record_in(under_way, [edit], role=role, reason=said, now=moment, schema=schema)
        decided = replace(
            proposal,
            state=ACCEPTED,
            decided=change.when,
            role=role,
            reason=tidy(reason),
            change=change.number,
        )
        write_queue(under_way, [decided if known is proposal else known for known in queue])
    return change


def refuse(store: Store, number: int, *, role: str, reason: str, now: datetime | None = None) -> Proposal:
    """Take a proposal off the queue without doing it, and say why.

    Raises
    ------
    EditError
        When no reason is given, or one that holds a person's data.
    DataError
        When the proposal is not waiting, or the store cannot be written.
    """
    moment, said = now or datetime.now().astimezone(), checked_reason(role, reason)
    if not said:
        raise EditError({"reason": "dites pourquoi."}, {"reason": "Motif"})
    with store.transaction() as under_way:
        queue = read_queue(under_way)
        proposal = _waiting(queue, number)
        when = moment.isoformat(timespec="seconds")
        decided = replace(proposal, state=REFUSED, decided=when, role=role, reason=said)
        write_queue(under_way, [decided if known is proposal else known for known in queue])
    return decided


def _checked(submission: Submission, schema: TableSchema) -> tuple[dict[str, str], str]:
    """Return the cells and the origin as they are kept, or say what is wrong with them."""
    titles = {known.name: known.title for known in schema.fields} | {"origin": "Source de l’information"}
    size = sum(len(text.encode("utf-8", "replace")) for text in (*submission.cells.values(), submission.origin))
    if size > MAX_BYTES or len(submission.cells) > len(PROPOSABLE):
        raise DataError("cette proposition est trop longue", "", "Envoyez l’essentiel.")
    stranger = next((column for column in submission.cells if column not in PROPOSABLE), None)
    if stranger:
        raise DataError(f"la colonne {quoted(stranger)} n’est pas ouverte aux propositions")
    given = tidy_row(submission.cells, schema)
    cells = given if submission.actor else {column: value for column, value in given.items() if value}
    origin = tidy(submission.origin, several_lines=True)
    wrong = faults(cells, schema)
    for column, value in (*cells.items(), ("origin", origin)):
        most = MAX_LONG_CELL.get(column, MAX_CELL)
        if len(value) > most:
            wrong[column] = f"{most} caractères au plus."
    if not submission.actor and "nom" not in cells:
        wrong["nom"] = "cette valeur est obligatoire. Complétez-la."
    private = personal_data(origin)
    if private:
        wrong["origin"] = f"c’est {private}."
    elif not origin:
        wrong["origin"] = "dites d’où vous le tenez (site, statuts, visite)."
    if wrong:
        raise EditError(wrong, titles)
    return cells, origin


def _check_room(queue: Sequence[Proposal], moment: datetime) -> None:
    """Refuse what would drown the moderator."""
    waiting = sum(proposal.state == PENDING for proposal in queue)
    since = moment - timedelta(hours=1)
    lately = sum(datetime.fromisoformat(proposal.when) > since for proposal in queue)
    if waiting >= MAX_PENDING or lately >= MAX_PER_HOUR:
        raise DataError("trop de propositions attendent déjà d’être lues", "", "Réessayez plus tard.")


def _row(under_way: Transaction, actor: str) -> dict[str, str]:
    rows = under_way.read(ACTORS).rows
    found = rows[rows["id"] == actor]
    if len(found) != 1:
        raise DataError(f"aucun acteur ne porte l’identifiant {quoted(actor)}", "", "Rechargez l’annuaire.")
    return {str(column): str(value) for column, value in found.iloc[0].items()}


def _waiting(queue: Sequence[Proposal], number: int) -> Proposal:
    proposal = next((proposal for proposal in queue if proposal.number == number), None)
    if proposal is None:
        raise DataError(f"la proposition {number} n’existe pas", "proposals.csv")
    if proposal.state != PENDING:
        raise DataError(f"la proposition {number} a déjà été décidée{NBSP}: {STATES[proposal.state].lower()}")
    return proposal
