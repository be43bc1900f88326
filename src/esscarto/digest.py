"""What has changed in the directory since a day, in the words of a newsletter.

Read from the journal, and told as it stands today: what was changed and changed back is not news, and a value that
the directory does not hold any more is not told.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from esscarto.french import NBSP, count, enumerate_words, sort_key
from esscarto.french import date as say_date
from esscarto.journal import ACTORS, RESTORATION, Change
from esscarto.schema import LIST_SEPARATOR
from esscarto.site import ORIGINS, Site
from esscarto.territories import Territory
from esscarto.vocabulary import CATEGORIES, PRECISIONS, STATUTS, TYPES

NAMED = 12
"""Actors named in one list of the letter: beyond, they are counted."""

SAID = {
    "famille": ("famille juridique", "e"),
    "statut_ess": ("rapport à l’ESS", ""),
    "types": ("types", "s"),
    "themes": ("thèmes", "s"),
    "roles": ("rôles", "s"),
    "description": ("description", "e"),
    "tranche_effectif": ("effectif", ""),
    "effectif_imprime": ("effectif", ""),
    "siret": ("SIRET", ""),
    "telephone": ("téléphone", ""),
    "courriel": ("courriel", ""),
    "site_web": ("site web", ""),
}
"""Column -> its noun, and how a participle agrees with it. Other columns are for those who keep the directory."""

_PLACE = ("adresse", "code_postal", "commune", "code_insee", "longitude", "latitude", "precision", "territoire")
_MARKUP = re.compile(r"([\\`*_\[\]<>&!#|~$])")
_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")
_NOT_A_CENSUS = (
    "L’annuaire n’est pas un recensement : il dit ce que ses sources lui ont appris. "
    "Une structure manque, une fiche est à corriger ? Proposez-le."
)

Net = dict[str, tuple[str, str]]
"""Column -> (what it was before the first change, what it is after the last)."""


@dataclass(frozen=True)
class Line:
    """One actor in the letter: ``actor`` is its identifier, "" when it has left the directory."""

    actor: str
    name: str
    place: str
    said: str


@dataclass(frozen=True)
class Listing:
    """What happened to some actors of one place: those named, and how many more."""

    title: str
    lines: tuple[Line, ...]
    more: int


@dataclass(frozen=True)
class Digest:
    """The letter.

    Parameters
    ----------
    title, sentence : str
        What it is, and its counts.
    sections : tuple of (str, tuple of Listing)
        Name of an intercommunalité -> its news; the last ones are of actors without one.
    origins : tuple of str
        Where the actors added come from, with their number.
    closing : tuple of str
        What the letter rests on, and what it is not.
    remarks : tuple of str
        For whoever sends it, not for its readers.
    changed : int
        Actors it speaks of; 0 when there is nothing to say.
    """

    title: str
    sentence: str
    sections: tuple[tuple[str, tuple[Listing, ...]], ...]
    origins: tuple[str, ...]
    closing: tuple[str, ...]
    remarks: tuple[str, ...]
    changed: int


def digest(
    site: Site, changes: Sequence[Change], since: date, today: date, territory: Territory | None = None
) -> Digest:
    """Tell what has changed since a day, that day included.

    Parameters
    ----------
    site : Site
        The directory as it is now.
    changes : sequence of Change
        The journal, as :func:`esscarto.journal.history` gives it.
    since, today : datetime.date
        The first day and the last.
    territory : Territory, optional
        Only the actors known to be inside it.
    """
    lately = [change for change in changes if change.when[:10] >= since.isoformat()]
    news: dict[tuple[bool, str, str], dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    origins: Counter[str] = Counter()
    quiet = 0
    for actor, net in _net(lately).items():
        told = _told(site, actor, net)
        if told is None or (territory and _holders(site, told[2]).get(territory.level) != territory.code):
            continue
        kind, line, attachment = told
        if kind == "quiet":
            quiet += 1
            continue
        news[_section(site, attachment)][kind].append(line)
        if kind == "added":
            source = str(site.actors.frame.at[actor, "source"])
            # What was typed here is one origin, whatever its days and numbers.
            origins[ORIGINS.get(source.partition(":")[0]) or site.cite(source)[0][0]] += 1
    where = f" ({site.territories.name(territory)})" if territory else ""
    totals = Counter({kind: sum(len(kinds[kind]) for kinds in news.values()) for kind in _KINDS})
    return Digest(
        f"L’annuaire de l’ESS{where}{NBSP}: ce qui a changé depuis le {say_date(since.isoformat())}",
        _sentence(totals, quiet, since),
        tuple((key[2], _listings(kinds)) for key, kinds in sorted(news.items())),
        tuple(f"{count(total, 'fiche')}{NBSP}: {words}" for words, total in origins.most_common()),
        (_ground(site, changes, today, territory), _NOT_A_CENSUS),
        tuple(_remarks(lately)),
        totals.total() + quiet,
    )


_KINDS = {
    "added": ("acteur ajouté", "acteurs ajoutés"),
    "corrected": ("fiche mise à jour", "fiches mises à jour"),
    "retired": ("acteur terminé", "acteurs terminés"),
    "removed": ("fiche supprimée", "fiches supprimées"),
}


def markdown(letter: Digest, address: str = "") -> str:
    """Write the letter in Markdown, every text of the directory shown as it is written.

    Parameters
    ----------
    letter : Digest
        What it says.
    address : str
        Where the application is published, so that a name leads to its sheet; "" for no link.
    """
    lines = [f"## {plain(letter.title)}", "", plain(letter.sentence)]
    for name, listings in letter.sections:
        lines += ["", f"### {plain(name)}"]
        for listing in listings:
            lines += ["", f"{plain(listing.title)}{NBSP}:", ""]
            lines += [f"- {_markdown_line(line, address)}" for line in listing.lines]
            lines += [f"- et {count(listing.more, 'autre')}"] if listing.more else []
    if letter.origins:
        lines += ["", "### D’où viennent les ajouts", "", *(f"- {plain(words)}" for words in letter.origins)]
    lines += ["", "---"]
    for words in letter.closing:
        lines += ["", plain(words)]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line: no link, no image, no HTML, no emphasis."""
    return _MARKUP.sub(r"\\\1", _BREAKS.sub(" ", text)).replace("://", "\\://")


def card_address(address: str, actor: str) -> str:
    """Return the address of the sheet of an actor, "" when the application is not published."""
    return f"{address}/carte?sel=acteur:{actor}" if address and actor else ""


def _markdown_line(line: Line, address: str) -> str:
    name, link = f"**{plain(line.name)}**", card_address(address, line.actor)
    place = f" ({plain(line.place)})" if line.place else ""
    return f"{f'[{name}]({link})' if link else name}{place}" + (f"{NBSP}: {plain(line.said)}" if line.said else "")


def _net(changes: Iterable[Change]) -> dict[str, Net]:
    """Sum the changes of each actor; what came back to its first value is left out."""
    nets: dict[str, Net] = defaultdict(dict)
    for change in sorted(changes, key=lambda change: change.number):
        for cell in change.cells:
            if cell.actor:
                first = nets[cell.actor].get(cell.column, (cell.before, ""))[0]
                nets[cell.actor][cell.column] = (first, cell.after)
    kept = {
        actor: {column: values for column, values in net.items() if values[0] != values[1]}
        for actor, net in nets.items()
    }
    return {actor: net for actor, net in kept.items() if net}


def _told(site: Site, actor: str, net: Net) -> tuple[str, Line, str] | None:
    """Return what to say of an actor: the kind of news, its line, its territory; None when it holds no more."""
    frame = site.actors.frame
    before, after = net.get("id", ("", ""))
    if actor not in frame.index:
        if not before or after:
            return None
        gone = {column: values[0] for column, values in net.items()}
        code = site.territories.current_commune(gone.get("code_insee", ""))
        attachment = f"commune:{code}" if code else gone.get("territoire", "")
        return "removed", Line("", gone.get("nom", actor), gone.get("commune", ""), ""), attachment
    row = site.rows[int(frame.index.get_loc(actor))]
    row = {**row, "code_insee": row["code_insee_declare"]}
    held = {column: values for column, values in net.items() if row.get(column) == values[1]}
    if not held:
        return None
    kind, said = ("added", _what(site, actor, row)) if after and not before else _news(row, held)
    return kind, Line(actor, row["nom"], row["commune"], said), row["rattachement"]


def _news(row: Mapping[str, str], held: Net) -> tuple[str, str]:
    if held.get("statut", ("", ""))[1] == "passe":
        since = row["statut_date"]
        return "retired", f"date de fin{NBSP}: {say_date(since)}" if since else ""
    words = _words(held)
    return ("corrected", enumerate_words(words)) if words else ("quiet", "")


def _what(site: Site, actor: str, row: Mapping[str, str]) -> str:
    """Say what a new actor is: its types, else its family or its role; "" when no source says it."""
    types = [TYPES[code] for code in row["types"].split(LIST_SEPARATOR) if code in TYPES]
    state = "" if row["statut"] == "actif" else f" ({STATUTS[row['statut']].lower()})"
    category = str(site.actors.category[actor])
    # What nobody has printed is no news.
    known = CATEGORIES[category] if category != "autre" else ""
    return f"{', '.join(types) or known}{state}".strip()


def _words(held: Net) -> list[str]:
    """Say corrections as a reader understands them: « adresse précisée, téléphone ajouté »."""
    words = []
    if "nom" in held:
        words.append(f"nom mis à jour (auparavant{NBSP}: {held['nom'][0]})")
    if "statut" in held:
        was, now = (STATUTS.get(code, code).lower() for code in held["statut"])
        words.append(f"désormais «{NBSP}{now}{NBSP}» (auparavant «{NBSP}{was}{NBSP}»)")
    words += _place_words(held)
    words += [_done(*SAID[column], *held[column]) for column in SAID if column in held]
    if "statut_date" in held and "statut" not in held and held["statut_date"][1] > held["statut_date"][0]:
        words.append(f"état confirmé ({say_date(held['statut_date'][1])})")
    return list(dict.fromkeys(words))


def _place_words(held: Net) -> list[str]:
    """Say in one phrase what a place has gained: it is written in many columns."""
    if not held.keys() & set(_PLACE):
        return []
    ranks = list(PRECISIONS)
    was, now = held.get("precision", ("", ""))
    if was in ranks and now in ranks and ranks.index(now) < ranks.index(was):
        return [{"adresse": "adresse", "rue": "adresse", "commune": "commune"}.get(now, "localisation") + " précisée"]
    if "adresse" in held:
        return [_done("adresse", "e", *held["adresse"])]
    return ["localisation mise à jour"]


def _done(noun: str, agreement: str, before: str, after: str) -> str:
    if before and after:
        return f"{noun} mis{agreement.replace('s', '')} à jour"
    return f"{noun} {'ajouté' if after else 'retiré'}{agreement}"


def _holders(site: Site, attachment: str) -> dict[str, str]:
    """Return the territories that hold ``level:code``, itself included: level -> code."""
    territory = Territory.parse(attachment) if attachment else None
    if territory is None or territory not in site.territories:
        return {}
    return {one.level: one.code for one in (territory, *site.territories.parents(territory))}


def _section(site: Site, attachment: str) -> tuple[bool, str, str]:
    """Return the key that orders the sections, and their titles: by PETR, then by intercommunalité."""
    holders = _holders(site, attachment)
    petr, epci = holders.get("petr"), holders.get("epci")
    above = site.territories.name(Territory("petr", petr)) if petr else ""
    if epci:
        return not petr, above, site.territories.name(Territory("epci", epci))
    return not petr, above or "\uffff", f"{above}, sans commune connue" if above else "Ailleurs, ou sans lieu connu"


def _listings(kinds: Mapping[str, list[Line]]) -> tuple[Listing, ...]:
    found = []
    for kind, words in _KINDS.items():
        lines = sorted(kinds.get(kind, []), key=lambda line: sort_key(line.name))
        if lines:
            found.append(Listing(count(len(lines), *words), tuple(lines[:NAMED]), len(lines[NAMED:])))
    return tuple(found)


def _sentence(totals: Mapping[str, int], quiet: int, since: date) -> str:
    day = f"Depuis le {say_date(since.isoformat())}"
    said = [count(totals[kind], *words) for kind, words in _KINDS.items() if totals[kind]]
    if quiet:
        said.append(f"{count(quiet, 'fiche relue', 'fiches relues')} (sources, dates)")
    return f"{day}{NBSP}: {enumerate_words(said)}." if said else f"{day}, rien n’a changé dans l’annuaire."


def _ground(site: Site, changes: Sequence[Change], today: date, territory: Territory | None) -> str:
    inside = int(site.actors.inside(territory).sum()) if territory else len(site.actors)
    total = f"{count(inside, 'fiche')} au {say_date(today.isoformat())}"
    begins = min((change.when[:10] for change in changes), default="")
    kept = f"d’après le journal de l’annuaire, tenu depuis le {say_date(begins)}" if begins else ""
    return f"{total}, {kept or 'le journal de l’annuaire est encore vide'}."


def _remarks(lately: Iterable[Change]) -> list[str]:
    return [
        f"Le {say_date(change.when[:10])}, l’annuaire a été remis tel qu’il était avant ({change.cells[0].after})"
        f"{NBSP}: ce qui avait changé entre-temps n’est dit que s’il y est encore. Relisez la lettre."
        for change in lately
        if change.kind == RESTORATION and change.cells[0].column == ACTORS
    ]
