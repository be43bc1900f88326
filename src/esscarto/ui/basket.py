"""The basket on the screen: the button that fills it, what the browser keeps of it, and its page."""

import datetime
import functools
import importlib
import urllib.parse
from functools import partial

import streamlit as st

from esscarto import basket as baskets
from esscarto import dossier
from esscarto.basket import NOTE_LETTERS, QUESTION_LETTERS, Basket, Project
from esscarto.dossier import GROUPS, Entry, Roads
from esscarto.french import NBSP, count, enumerate_words
from esscarto.site import Site
from esscarto.ui import cache, offer, page_state, partners_question, render, roads_view, state

PAGE = "panier"
COOKIE = "panier"
"""What the browser keeps until it is closed: the same text as the link. No visitor is told from another by it."""
FILES = (
    ("Dossier PDF", "pdf", "application/pdf", "Projet, résultats par rôle, carte, prochaines étapes, sources."),
    (
        "Exporter en Excel",
        "xlsx",
        offer.EXCEL,
        "Le panier et vos notes, puis les acteurs, leurs chiffres et leurs relations.",
    ),
    ("Contacts", "vcf", "text/vcard", "Les acteurs, pour un carnet d’adresses (vCard)."),
    ("GeoJSON", "geojson", "application/geo+json", "Les acteurs, pour uMap ou un site web (WGS84)."),
)
"""Label, ending, kind and use of each file; the last two hold actors alone."""


def add_button(
    item: str, label: str = "Ajouter au panier", question: str = "", wide: bool = False, asked: str = ""
) -> None:
    """Draw the button that adds an item to the basket, or takes it out again.

    Parameters
    ----------
    item : str
        ``acteur:<id>``, ``pratique:<id>`` or ``programme:<id>``.
    label : str
        What the button says when the item is not in the basket: words of ours, since a label is Markdown.
    question : str
        The project as it was asked for; it becomes that of a basket that has none.
    wide : bool
        Whether the button takes the whole width, as those under a card do.
    asked : str
        The place of that question, as :func:`esscarto.places.format_asked` says it.
    """
    held = _current(cache.site())
    inside = item in held.items
    full = "" if inside else held.add(item).too_long()
    st.button(
        "Retirer du panier" if inside else label,
        key=f"panier_{item}",
        icon=":material/remove_shopping_cart:" if inside else ":material/add_shopping_cart:",
        help=full or None,
        disabled=bool(full),
        on_click=_toggle,
        args=(item, question, asked),
        width="stretch" if wide else "content",
    )


def keep_button(items: list[str], label: str, question: str, asked: str) -> None:
    """Draw the button that adds several items at once; those that the basket holds already stay where they are."""
    held = _current(cache.site())
    new = [item for item in items if item not in held.items]
    st.button(
        label if new else "Les premiers de chaque rôle sont dans le panier",
        key="panier_plusieurs",
        icon=":material/add_shopping_cart:",
        help=_with(held, new, question, asked).too_long() or None,
        disabled=not new or bool(_with(held, new, question, asked).too_long()),
        on_click=_add,
        args=(new, question, asked),
    )


def is_for(question: str, asked: str) -> bool:
    """Whether the basket can take what answers a question; when it was filled for another, ask what to do of it."""
    held = _current(cache.site())
    if held.find(asked) is not None:
        return True
    more = held.begin(question, asked)
    questions = [project.question for project in held.projects if project.question]
    render.show("panier_autre.html", total=len(held.items), questions=questions)
    with st.container(horizontal=True):
        st.button("Commencer un nouveau panier pour ce projet", on_click=_set_aside, args=(more.projects[-1],))
        st.button(
            "Garder les deux",
            on_click=_touch,
            args=(more,),
            disabled=bool(more.too_long()),
            help=more.too_long() or "Le dossier rangera chaque projet à part, avec ses raisons et ses distances.",
        )
    return False


def obey(gesture: str, question: str, asked: str) -> None:
    """Do what the button beside a result asks: ``garder:<item>`` or ``retirer:<item>``; anything else is nothing."""
    what, _, item = gesture.partition(":")
    held = _current(cache.site())
    if not dossier.known(cache.site(), item):
        return
    if what == "garder" and item not in held.items:
        if why := _with(held, [item], question, asked).too_long():
            st.error(why, icon=":material/error:")
        _add([item], question, asked)
    elif what == "retirer":
        _touch(held.remove(item))


def held_items() -> frozenset[str]:
    """Return what the basket holds, whatever the project."""
    return frozenset(_current(cache.site()).items)


def total() -> None:
    """Say how much the basket holds and open it, beside the buttons that fill it."""
    held = _current(cache.site())
    if held.items:
        render.show("panier_compte.html", total=len(held.items))


def remember(here: bool = False) -> None:
    """Draw, at the end of a page, what the browser keeps of the basket; nothing as long as nobody has filled it."""
    held = state.kept("panier")
    if held is None or not (held.items or held.question or state.kept("panier_touché")):
        return
    link = urllib.parse.urlencode(baskets.format_link(held))
    render.show("panier_garde.html", lien=link, total=len(held.items), ici=here)


def draw(site: Site) -> None:
    """Draw the page."""
    render.show("titre_panier.html")
    held = _of_the_page(site)
    if before := state.kept("panier_avant"):
        st.info(f"Votre panier d’avant est mis de côté{NBSP}: celui-ci est un autre.", icon=":material/info:")
        st.button(f"Reprendre mon panier ({count(len(before.items), 'élément')})", on_click=_take_back)
    files = st.container()
    found = dossier.entries(site, held, roads_view.known())
    noted = held
    for at, project in enumerate(held.projects):
        rank = f" n°{NBSP}{at + 1}" if held.others else ""
        question = st.text_input(
            f"Votre projet{rank}, en une phrase",
            key=page_state.page_key(PAGE, f"q{at or ''}"),
            max_chars=QUESTION_LETTERS,
            placeholder="Ouvrir une ressourcerie à Villers-Cotterêts",
        )
        noted = _kept_if_it_fits(noted, noted.ask(question, at))
        if link := partners_question.link_back(site, project.asked):
            render.show("panier_question.html", lien=link)
        elif held.items:
            st.caption("Ce qui suit ne vient pas d’une question de la page Partenaires : ni raison ni distance.")
        noted = _items([entry for entry in found if entry.project == at], noted)
    held = noted
    if not held.items:
        render.show("panier_vide.html")
    state.keep("panier", held)
    query = baskets.format_link(held)
    state.keep("panier_lien", query)
    state.readdress(query)
    if held.items:
        with files:
            _files(site, held)


def _items(found: list[Entry], noted: Basket) -> Basket:
    """Draw the results kept for a project, their notes and their buttons; return the basket with the notes as now."""
    for at, entry in enumerate(found):
        render.show("panier_element.html", un=entry, groupe=GROUPS[entry.group])
        noted = _kept_if_it_fits(noted, noted.annotate(entry.item, _note(entry)))
        with st.container(horizontal=True):
            for label, icon, beside in (
                ("Monter", "arrow_upward", found[:at][-1:]),
                ("Descendre", "arrow_downward", found[at + 1 : at + 2]),
            ):
                near = [one.item for one in beside if one.group == entry.group]
                st.button(
                    f"{label} le n° {entry.number}",
                    key=f"panier_{label}_{entry.item}",
                    icon=f":material/{icon}:",
                    on_click=_change,
                    args=("swap", entry.item, *near),
                    disabled=not near,
                )
            st.button(
                f"Retirer le n° {entry.number}",
                key=f"panier_retirer_{entry.item}",
                icon=":material/delete:",
                on_click=_change,
                args=("remove", entry.item),
            )
    return noted


def _note(entry: Entry) -> str:
    return st.text_input(
        f"Votre note sur le n° {entry.number}",
        key=page_state.page_key(PAGE, f"note_{entry.item}"),
        max_chars=NOTE_LETTERS,
        placeholder="Appeler en janvier, demander une visite",
    )


def _files(site: Site, held: Basket) -> None:
    """Draw the buttons of the files; a file is made when its button is clicked, not before."""
    today = datetime.date.today()
    base = offer.published(st.context.url or "")
    link = f"{base}/{PAGE}?{urllib.parse.urlencode(baskets.format_link(held))}" if base else ""
    actors = bool(held.of("acteur"))
    files = (
        offer.File(
            label,
            f"esscarto-panier-{today.isoformat()}.{ending}",
            mime,
            partial(_content, ending, site, held, today, link, roads_view.known()),
            use,
            disabled=ending in ("vcf", "geojson") and not actors,
        )
        for label, ending, mime, use in FILES
    )
    offer.row("panier_fichier", files, main=FILES[0][0])
    st.button("Vider le panier", icon=":material/delete_sweep:", on_click=_empty)


def _content(ending: str, site: Site, held: Basket, day: datetime.date, link: str, roads: Roads) -> bytes:
    # Imported here: the libraries that write files take a tenth of a second that no page needs to wait for.
    if ending == "pdf":
        from esscarto.documents import dossier_pdf

        return dossier_pdf.export(site, held, day, link, roads)
    from esscarto.documents.selection import Selection

    selection = Selection(site, dossier.mask(site, held), _sentence(held), day)
    if ending == "xlsx":
        from esscarto.documents import xlsx

        found = dossier.entries(site, held, roads)
        sheets = {"Votre projet": dossier.cover(site, held, found, link), "Panier": dossier.table(held, found)}
        return xlsx.export(selection, sheets)
    writer = importlib.import_module(f"esscarto.documents.{'vcard' if ending == 'vcf' else ending}")
    return writer.export(selection)


def _sentence(held: Basket) -> str:
    kinds = (("acteur", "acteur"), ("pratique", "pratique"), ("programme", "programme"))
    said = enumerate_words(count(len(held.of(kind)), word) for kind, word in kinds if held.of(kind))
    projects = " ; ".join(project.question for project in held.projects if project.question)
    return f"Panier : {said}." + (f" Projet : {projects}" if projects else "")


# ---- what is kept


def _current(site: Site) -> Basket:
    """Return the basket of this visitor: of the session, else the one that the browser has kept."""
    held = state.kept("panier")
    if held is None:
        query = dict(urllib.parse.parse_qsl(str(st.context.cookies.get(COOKIE, ""))[:4096]))
        held = baskets.parse_link(query, partial(dossier.known, site))
        state.keep("panier", held)
    return held


def _of_the_page(site: Site) -> Basket:
    """Return the basket of the page: that of a link when one is opened, else the visitor's own."""
    held, query = _current(site), state.address()
    opened = "p" in query and query != state.kept("panier_lien")
    if opened:
        linked = baskets.parse_link(query, partial(dossier.known, site))
        if held.items and set(linked.items) != set(held.items) and state.kept("panier_lien") is None:
            state.keep("panier_avant", held)
        held = linked
        state.keep("panier", held)
    if opened or not state.holds_widgets(page_state.page_key(PAGE, "q")):
        _fill(held)
    return held


def _fill(held: Basket) -> None:
    """Put the texts of a basket in the fields of the page."""
    notes = {f"note_{item}": held.notes.get(item, "") for item in held.items}
    questions = {f"q{at or ''}": project.question for at, project in enumerate(held.projects)}
    page_state.choose(PAGE, **questions, **notes)


def _kept_if_it_fits(held: Basket, fuller: Basket) -> Basket:
    """Return a basket with a longer text when a link can hold it; else say so and keep it as it was."""
    if fuller != held and (why := fuller.too_long()):
        st.error(why, icon=":material/error:")
        return held
    return fuller


def _with(held: Basket, items: list[str], question: str, asked: str) -> Basket:
    """Return the basket with more items, in the project of their question: another one when it has none such."""
    if not held.items and held.asked:
        held = Basket()
    at = held.find(asked)
    if at is None:
        held = held.begin(question, asked)
        at = len(held.others)
    project = held.projects[at]
    fuller = functools.reduce(lambda basket, item: basket.add(item, at), items, held)
    return fuller.ask(project.question or question, at).ask_from(project.asked or asked, at)


def _toggle(item: str, question: str, asked: str) -> None:
    held = state.kept("panier") or Basket()
    if item in held.items:
        _touch(held.remove(item))
    else:
        _add([item], question, asked)


def _add(items: list[str], question: str, asked: str) -> None:
    held = state.kept("panier") or Basket()
    fuller = _with(held, items, question, asked)
    _touch(held if fuller.too_long() else fuller)


def _change(what: str, *how: str) -> None:
    _touch(getattr(state.kept("panier"), what)(*how))


def _set_aside(project: Project) -> None:
    """Begin another basket for a project; the page Panier gives the former one back."""
    state.keep("panier_avant", state.kept("panier"))
    _touch(Basket().ask(project.question).ask_from(project.asked))


def _empty() -> None:
    _touch(Basket())
    _fill(Basket())


def _take_back() -> None:
    held = state.kept("panier_avant")
    state.keep("panier_avant", None)
    _touch(held)
    _fill(held)


def _touch(held: Basket) -> None:
    state.keep("panier", held)
    state.keep("panier_touché", True)
    # On the page of the basket, the address of before is ours: it is not a link that somebody opens.
    state.keep("panier_lien", state.address())
