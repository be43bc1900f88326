"""Build the sheet of any territory, in the order of the sheet of the CRESS: what no source gives stays empty."""

import datetime

from esscarto import links
from esscarto.figures import NOT_GIVEN, say, year
from esscarto.french import bound, enumerate_words, fold, number, short_vintage, sort_key
from esscarto.sheets import known as directory
from esscarto.sheets.known import cites
from esscarto.sheets.model import Block, Contact, Figure, Sheet
from esscarto.sheets.plan import NATIONAL, ORGANISATIONS, OTHER, PARTS, Asked
from esscarto.sheets.readings import reading
from esscarto.sheets.recompute import recomputed
from esscarto.site import Site
from esscarto.supports import ROLES
from esscarto.territories import Territory
from esscarto.vocabulary import LEVELS, PRIORITY_THEMES, THEMES

FRANCE = "france"
NOT_DESIGNATED = "non désigné"
_INSIDE = {"epci": "commune", "petr": "epci", "departement": "epci", "region": "departement"}
_INSIDE_TITLES = {
    "epci": "Ses communes",
    "petr": "Ses intercommunalités",
    "departement": "Ses intercommunalités, en tout ou en partie",
    "region": "Ses départements",
}
_DEFINITE = {
    "commune": ("la commune {}", "dans la commune {}"),
    "epci": ("l’intercommunalité {}", "dans l’intercommunalité {}"),
    "petr": ("le PETR {}", "dans le PETR {}"),
    "departement": ("le département ({})", "dans le département ({})"),
    "region": ("la région {}", "dans la région {}"),
}


def build(site: Site, territory: Territory, today: datetime.date) -> Sheet:
    """Return the sheet of a territory.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    territory : Territory
        A commune, an EPCI, a PETR, a département or a région of the layers.
    today : datetime.date
        The day that the sheet bears.

    Returns
    -------
    Sheet
        A figure printed for the territory is its own; else that of the nearest wider territory, which it names;
        else « non fourni par la source ». Areas in km² and distances in km are measured in Lambert-93 (EPSG:2154).

    Raises
    ------
    DataError
        When no layer holds the territory.
    """
    territories = site.territories
    territories.row(territory)
    holders = territories.parents(territory)
    below = _INSIDE.get(territory.level)
    inside = [Territory(below, str(code)) for code in territories.children(territory, below)] if below else []
    inside.sort(key=lambda one: sort_key(territories.name(one)))
    children = [] if below == "commune" else inside
    known = directory.known(site, territory)
    policy, contacts, first = _contacts(site, territory, children, holders)
    referent, referent_note = _referent(site, territory, holders)
    return Sheet(
        territory=territory,
        title=territories.title(territory),
        level=LEVELS[territory.level],
        day=today,
        holders=tuple((str(one), definite(site, one)) for one in holders),
        inside=tuple((str(one), territories.name(one)) for one in inside),
        inside_title=_INSIDE_TITLES.get(territory.level, ""),
        priorities=tuple(near for near in known.near if near.theme in {THEMES[code] for code in PRIORITY_THEMES}),
        summary=_summary(site, territory),
        blocks=_blocks(site, territory, holders),
        known=known,
        policy=policy,
        contacts=contacts,
        first=first,
        referent=referent,
        referent_note=referent_note,
    )


def definite(site: Site, territory: Territory, inside: bool = False) -> str:
    """Name a territory with its level, as a sentence does: ``le PETR du Soissonnais et du Valois``."""
    return _DEFINITE[territory.level][inside].format(site.territories.name(territory).removeprefix("PETR "))


def _summary(site: Site, territory: Territory) -> tuple[tuple[str, str, str], ...]:
    row, vintages = site.territories.row(territory), site.territories.vintages
    population, area = float(row["population"]), float(row["area_km2"])
    when = short_vintage(vintages.get("populations", ""))
    lines = [
        ("Habitants", number(population), when),
        ("Superficie (km²)", number(area, 1), "mesurée sur la carte"),
        ("Habitants par km²", number(population / area, 1), when),
    ]
    if territory.level != "commune":
        lines.append(("Communes", number(len(site.territories.communes_of(territory))), _edition(vintages, "communes")))
    if territory.level not in ("commune", "epci"):
        epcis = len(site.territories.children(territory, "epci"))
        lines.append(("Intercommunalités", number(epcis), _edition(vintages, "epci")))
    return tuple(lines)


def _edition(vintages: dict[str, str], part: str) -> str:
    return short_vintage(vintages.get(part, "").partition(" (")[0])


# ---- figures


def _blocks(site: Site, territory: Territory, holders: list[Territory]) -> tuple[Block, ...]:
    blocks = []
    shown: set[str] = set()
    for part in PARTS:
        figures: list[Figure] = []
        for asked in part.asked:
            if territory.level in asked.levels or asked.own:
                figures += _answer(site, territory, holders, asked)
        shown.update(figure.row for figure in figures)
        blocks.append(Block(part.key, part.title, tuple(figures)))
    others = [row for row in site.figures.about(str(territory)) if row["id"] not in shown]
    blocks.append(Block(OTHER.key, OTHER.title, tuple(_figure(site, row, territory) for row in others)))
    blocks.append(Block(ORGANISATIONS.key, ORGANISATIONS.title, _of_organisations(site, territory)))
    if territory.level == "region":
        blocks.append(Block(NATIONAL.key, NATIONAL.title, _national(site)))
    return tuple(block for block in blocks if block.figures)


def _answer(site: Site, territory: Territory, holders: list[Territory], asked: Asked) -> list[Figure]:
    """Return the figures of the territory; else of the nearest wider one, which they name; else that none is given."""
    found = [_figure(site, row, territory) for row in _rows(site, str(territory), asked)]
    if asked.of_parts and territory.level == "petr":
        inside = [Territory("epci", str(code)) for code in site.territories.children(territory, "epci")]
        parts = [part for part in inside if part != territory]
        found += [
            _figure(site, row, part, here=definite(site, part, True))
            for part in parts
            for row in _rows(site, str(part), asked)
        ]
    if found or asked.own:
        return found
    for holder in holders:
        if rows := _rows(site, str(holder), asked):
            return [_figure(site, row, holder, holder) for row in rows]
    # A total of the country says nothing of a part of it; a rate does.
    if rates := [row for row in _rows(site, FRANCE, asked) if row["unite"] == "%" or " p" in row["unite"]]:
        return [_figure(site, row) for row in rates]
    definition = site.definitions.get(asked.indicators[0], {})
    label = definition.get("libelle", asked.indicators[0])
    return [Figure(indicator=asked.indicators[0], label=label, value=NOT_GIVEN)]


def _rows(site: Site, subject: str, asked: Asked) -> list[dict[str, str]]:
    return [
        row for indicator in asked.indicators for row in site.figures.about(subject) if row["indicateur"] == indicator
    ]


def _figure(
    site: Site,
    row: dict[str, str],
    about: Territory | None = None,
    holder: Territory | None = None,
    label: str = "",
    here: str = "",
) -> Figure:
    """Return a printed figure as a line; ``holder`` when it is about another territory than that of the sheet."""
    definition = site.definitions.get(row["indicateur"], {}).get("definition", "")
    national = about is None and row["sujet"] == FRANCE
    if not here:
        here = "en France" if national else definite(site, holder, True) if holder else "ici"
    return Figure(
        indicator=row["indicateur"],
        label=bound(label or row["libelle"]),
        value=bound(say(row)).replace("'", "’"),
        year=year(row),
        perimeter=row["perimetre"],
        cites=cites(site, row["source"]),
        note=row["note"],
        reading=reading(row, here, definition),
        holder="la France" if national else definite(site, holder) if holder else "",
        number=float(row["valeur"]) if row["valeur"] else None,
        unit=row["unite"],
        row=row["id"],
        recomputed=recomputed(site, about, row) if about else None,
    )


def _of_organisations(site: Site, territory: Territory) -> tuple[Figure, ...]:
    """Return what the sources print about the organisations of the territory, and about the practices there."""
    here = dict.fromkeys(site.actors.frame.loc[site.actors.inside(territory), "organisation"])
    subjects = {f"acteur:{organisation}": site.organisation_name(organisation) for organisation in here}
    subjects |= {f"pratique:{sheet['id']}": sheet["titre"] for sheet in directory.practices(site, territory)}
    return tuple(
        _figure(site, row, label=bound(f"{name} : {row['libelle']}"))
        for subject, name in subjects.items()
        for row in site.figures.about(subject)
    )


def _national(site: Site) -> tuple[Figure, ...]:
    subjects = dict.fromkeys(site.figures.frame["sujet"])
    wide = [subject for subject in subjects if subject == FRANCE or subject.startswith("theme:")]
    return tuple(_figure(site, row) for subject in wide for row in site.figures.about(subject))


# ---- contacts


def _contacts(
    site: Site, territory: Territory, children: list[Territory], holders: list[Territory]
) -> tuple[tuple[Contact, ...], tuple[Contact, ...], Contact | None]:
    """Return what the intercommunalités do for the ESS, whom to call role by role, and whom to call first."""
    inside = [child for child in children if child.level == "epci"]
    rows = site.supports.for_territories([territory, *inside, *holders])
    local = [_contact(site, row) for row in rows if row["role"] == "collectivite"]
    order = [role for role in ROLES if role != "collectivite"]
    roles = [ROLES[role] for role in order]
    others = [_contact(site, row) for row in rows if row["role"] in order]
    others.sort(key=lambda contact: (roles.index(contact.role), not contact.can_be_reached))
    # A part of the territory is asked after those who answer for the whole of it.
    first = site.supports.first([territory, *holders, *inside])
    return tuple(local), tuple(others), _contact(site, first) if first else None


def _contact(site: Site, row: dict[str, str]) -> Contact:
    held = Territory.parse(row["territoire"])
    return Contact(
        id=site.organisations[row["organisation"]][0],
        name=site.organisation_name(row["organisation"]),
        role=LEVELS[held.level].lower() if row["role"] == "collectivite" else ROLES[row["role"]],
        territory=site.territories.name(held) if held in site.territories else "",
        brings=row["ce_qu_il_apporte"],
        function=row["contact_fonction"],
        email=row["courriel"],
        telephone=row["telephone"],
        website=links.web(row["site_web"]),
        cites=cites(site, row["source"]),
        note=row["note"],
    )


def _referent(site: Site, territory: Territory, holders: list[Territory]) -> tuple[str, str]:
    """Return the ESS referent that a source names, else « non désigné » and what is planned, and where."""
    inside = site.territories.children(territory, "epci") if territory.level == "petr" else []
    epcis = [Territory("epci", str(code)) for code in inside]
    wanted = fold("référent ESS")
    planned: dict[str, list[str]] = {}
    for row in site.supports.for_territories([territory, *epcis, *holders]):
        name = site.organisation_name(row["organisation"])
        if wanted in fold(row["contact_fonction"]):
            return bound(f"{name} : {row['contact_fonction']}"), row["note"]
        if wanted in fold(row["ce_qu_il_apporte"]):
            planned.setdefault(row["ce_qu_il_apporte"], []).append(name)
    notes = [f"{brings} : {enumerate_words(names)}" for brings, names in planned.items()]
    return NOT_DESIGNATED, bound(" ; ".join(notes))
