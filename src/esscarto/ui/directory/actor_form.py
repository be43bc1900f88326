"""The form of an actor, made from the published schema: one widget a column, each fault under its own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from esscarto.french import NBSP, date
from esscarto.importing.dates import iso
from esscarto.schema import LIST_SEPARATOR, Field
from esscarto.site import Site
from esscarto.ui import chooser, render
from esscarto.ui.directory.actor_words import as_lines, as_list, fields, title
from esscarto.vocabulary import BY_COLUMN

GROUPS = {
    "Identité": ("nom", "siret", "description", "aliases", "organisation", "id"),
    "Rattachement à l’ESS": (
        *("statut_ess", "famille", "roles", "types", "themes"),
        *("tranche_effectif", "effectif_imprime"),
    ),
    "Lieu": (
        *("adresse", "code_postal", "commune", "precision", "territoire", "longitude", "latitude"),
        *("lieu_source", "lieu_date", "lieu_confiance", "territoire_imprime"),
    ),
    "Contact": ("telephone", "courriel", "site_web"),
    "Suivi": ("statut", "statut_date", "note"),
    "Source": ("source", "source_date"),
}
"""Group -> its columns in the order of the form. The code of a commune goes with its name."""
EVERY = tuple(column for group in GROUPS.values() for column in group)
USUAL = (
    *("nom", "siret", "description", "statut_ess", "famille", "roles", "types", "themes"),
    *("adresse", "code_postal", "commune", "telephone", "courriel", "site_web", "statut", "statut_date", "source"),
)
"""The columns that a correction asks for at first."""
FREE = ("id", "organisation", "precision", "source")
"""Columns that a person may leave empty in a new row, though it needs them: they follow from the rest."""
TALL = ("description", "note", "aliases")
WIDE = (*TALL, "types", "themes")
DATED = {"statut_date": 10, "lieu_date": 10, "source_date": 7}
"""Columns where a date is read as people write it -> its most characters: a source is dated to the month."""
NOTHING = {"": "Non renseigné"}
HINTS = {
    "aliases": "un par ligne",
    "courriel": "de la structure",
    "telephone": "fixe de la structure",
    "siret": "14 chiffres",
    "code_postal": "5 chiffres",
    "site_web": "https://…",
    "statut_date": f"par exemple{NBSP}: novembre 2026",
    "lieu_date": f"par exemple{NBSP}: novembre 2026",
    "source_date": f"par exemple{NBSP}: novembre 2026",
    "id": f"vide{NBSP}: d’après le nom",
}
"""Column -> how to fill it in, in a few words of its label: a bubble of help speaks English to a screen reader."""
ADVICE = {
    "commune": "La commune et son code vont ensemble. Si l’adresse ou la commune change, l’ancien point est oublié.",
    "organisation": "L’organisation dont c’est un lieu. Vide, la fiche est sa propre organisation.",
    "source": "Lignes des documents (document:ligne), registre, saisie ou proposition. La date de saisie s’y ajoute.",
    "aliases": "Autres noms, dont l’orthographe imprimée dans les documents.",
}
"""What the form explains of a column instead of the description of the schema."""


@dataclass(frozen=True)
class Asked:
    """What a form shows.

    Parameters
    ----------
    key : str
        Begins the keys of the widgets: another key is a blank form.
    values : mapping of str to str
        What the widgets hold at first.
    faults : mapping of str to str
        Column -> what is wrong with it.
    is_new : bool
        Whether the row does not exist yet.
    limits : mapping of str to int
        Column -> the most characters it takes.
    """

    key: str
    values: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    is_new: bool = False
    limits: Mapping[str, int] = field(default_factory=dict)


def draw(site: Site, asked: Asked, first: Collection[str], more: Collection[str] = ()) -> dict[str, str]:
    """Draw the widgets of some columns, in groups, those of ``more`` folded.

    Returns
    -------
    dict of str to str
        What is typed, column by column.
    """
    render.show("aide_champs.html", champs=[(title(column), _advice(column)) for column in (*first, *more)])
    typed = _groups(site, asked, first)
    if more:
        with st.expander("Plus de champs", expanded=bool(set(more) & asked.faults.keys())):
            typed |= _groups(site, asked, more)
    return typed


def text(label: str, key: str, value: str = "", *, fault: str = "", tall: bool = False, most: int = 500) -> str:
    """Draw a field that is not of the schema, a reason for instance, with its fault."""
    draw_one = st.text_area if tall else st.text_input
    typed = draw_one(label, value, key=key, max_chars=most)
    say_fault(fault)
    return typed or ""


def _groups(site: Site, asked: Asked, columns: Collection[str]) -> dict[str, str]:
    typed: dict[str, str] = {}
    for name, group in GROUPS.items():
        wanted = [column for column in group if column in columns]
        if wanted:
            render.show("groupe.html", titre=name)
            for together in _rows(wanted):
                for cell, column in zip(st.columns(len(together)), together, strict=True):
                    with cell:
                        typed |= _one(site, asked, column)
    return typed


def _rows(columns: Sequence[str]) -> list[list[str]]:
    """Put short fields two by two: in a narrow window they stand one under the other, in their order."""
    rows: list[list[str]] = []
    for column in columns:
        if column not in WIDE and rows and len(rows[-1]) == 1 and rows[-1][0] not in WIDE:
            rows[-1].append(column)
        else:
            rows.append([column])
    return rows


def _one(site: Site, asked: Asked, column: str) -> dict[str, str]:
    """Draw one widget, and its fault under it."""
    known, value = fields()[column], asked.values.get(column, "")
    key = f"{asked.key}_{column}"
    if column == "commune":
        typed = _commune(site, asked, _label(known, asked), key)
    elif known.allowed and known.is_list:
        typed = {column: _several(known, value, _label(known, asked), key)}
    elif known.allowed or column in ("organisation", "territoire", "territoire_imprime"):
        typed = {column: _choice(known, value, _options(site, known), _label(known, asked), key)}
    else:
        most = asked.limits.get(column)
        shown = as_lines(value) if known.is_list else date(value) if column in DATED and value else value
        draw_one = st.text_area if column in TALL else st.text_input
        written = draw_one(_label(known, asked), shown, key=key, max_chars=most) or ""
        written = iso(written, DATED[column]) if column in DATED else written
        typed = {column: as_list(written) if known.is_list else written}
    for name in typed:
        say_fault(asked.faults.get(name, ""))
    return typed


def _label(known: Field, asked: Asked) -> str:
    needed = known.required and not (asked.is_new and known.name in FREE)
    hint = "obligatoire" if needed else HINTS.get(known.name, "")
    return title(known.name) + (f" ({hint})" if hint else "")


def _advice(column: str) -> str:
    return ADVICE.get(column) or fields()[column].description.replace("'", "’").removesuffix(" Séparateur |.")


def _options(site: Site, known: Field) -> dict[str, str]:
    if known.name == "organisation":
        return {name: site.organisation_name(name) for name in site.organisations}
    if known.name in ("territoire", "territoire_imprime"):
        return chooser.wider_territories(site)
    return {code: BY_COLUMN[known.name].get(code, code) for code in known.allowed}


def _choice(known: Field, value: str, options: Mapping[str, str], label: str, key: str) -> str:
    """Draw a choice; a value that the list does not have stays as it is until another is chosen."""
    kept = {value: value} if value and value not in options else {}
    shown = chooser.told_apart({**({} if known.required else NOTHING), **kept, **options})
    index = list(shown).index(value) if value in shown else None
    chosen = st.selectbox(label, list(shown), index, format_func=shown.__getitem__, key=key, placeholder=NOTHING[""])
    return chosen or ""


def _several(known: Field, value: str, label: str, key: str) -> str:
    words, held = BY_COLUMN[known.name], known.values(value)
    options = list(dict.fromkeys([*known.allowed, *held]))
    chosen = st.multiselect(
        label,
        options,
        held,
        format_func=lambda code: words.get(code, code),
        key=key,
        placeholder="Choisir",
        select_all=False,
        wrap=True,
    )
    return LIST_SEPARATOR.join(chosen)


def _commune(site: Site, asked: Asked, label: str, key: str) -> dict[str, str]:
    """Draw the choice of a commune by its name; the name and the code go together."""
    name, code = asked.values.get("commune", ""), asked.values.get("code_insee", "")
    known = chooser.communes(site)
    # A commune of elsewhere or of the past, or one that is only a name, stays as it is until another is chosen.
    here = code or name
    words = " ".join(filter(None, (name, f"({code})" if code else "(code non fourni)")))
    shown = {**NOTHING, **({here: words} if here not in {"", *known} else {}), **known}
    index = list(shown).index(here)
    chosen = st.selectbox(label, list(shown), index, format_func=shown.__getitem__, key=key)
    if chosen == here:
        return {"commune": name, "code_insee": code}
    return {"commune": str(site.territories.communes.at[chosen, "nom"]) if chosen else "", "code_insee": chosen}


def say_fault(said: str) -> None:
    """Say under a field what is wrong with it."""
    if said:
        render.show("faute.html", texte=said)


def summary(faults: Mapping[str, str], extra: Mapping[str, str]) -> str:
    """Say which fields are to mend, in one sentence; ``extra`` names those that are not of the schema."""
    names = ", ".join(extra.get(column) or title(column) for column in faults)
    return f"rien n’a été enregistré{NBSP}; à corriger{NBSP}: {names}"
