"""What public registers propose: read one outside the page, then decide line by line."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from esscarto.access import Person
from esscarto.errors import DataError
from esscarto.jobs import Job, Tell
from esscarto.registers.commands import check_day, read_list
from esscarto.registers.proposal_file import Wanted, read_wanted
from esscarto.registers.remembering import Compared, keep_reading, last_reading
from esscarto.registers.rows import DATA_INCLUSION, ESS_FRANCE, REGISTERS, SIAE, SIRENE, SIRENE_STOCK, Reading, Register
from esscarto.registers.sirene import perimeter, read_sirene, search_service
from esscarto.site import Site
from esscarto.storage.register_files import brought
from esscarto.territories import Territory
from esscarto.ui import access, cache, chooser, render, state
from esscarto.ui.directory import register_review, waiting

JOB = "registres"
FILE = "fichier"
WHOLE = (
    "Gardez-en vos départements s’il pèse plus de 10 Mo, mais jamais un morceau d’un territoire : ce qui n’y est pas "
    "passerait pour disparu. Sans limite de taille :"
)
ADVICE = {
    SIRENE.key: "Le service public de recherche d’entreprises est interrogé : les établissements de l’ESS en activité, "
    "et les structures d’insertion.",
    ESS_FRANCE.key: f"Téléchargez la liste sur data.gouv.fr, puis donnez le fichier ici. {WHOLE}",
    DATA_INCLUSION.key: f"Téléchargez les structures sur data.gouv.fr, puis donnez le fichier ici. {WHOLE}",
    SIAE.key: f"Donnez la liste de l’ASP, ou celle d’un réseau de l’insertion. {WHOLE}",
    SIRENE_STOCK.key: "Ces fichiers pèsent plusieurs gigaoctets : ils se lisent en ligne de commande, sur la machine "
    "qui les a. Leur dernière lecture se décide ici. La commande :",
    FILE: "Celui que la ligne de commande a écrit, dont vous avez retiré les lignes à ne pas retenir.",
}
COMMANDS = {
    ESS_FRANCE.key: "esscarto import ess-france liste.csv",
    DATA_INCLUSION.key: "esscarto import data-inclusion structures.csv",
    SIAE.key: "esscarto import siae liste.csv",
    SIRENE_STOCK.key: "esscarto import sirene-stock StockUniteLegale.parquet StockEtablissement.parquet",
}


def draw(site: Site, person: Person) -> None:  # noqa: ARG001 - asked again when it writes
    """Draw this part of the page."""
    render.show("registres.html")
    titles = {**{key: register.title for key, register in REGISTERS.items()}, FILE: "Fichier de propositions"}
    chosen = st.selectbox("Registre", list(titles), format_func=titles.__getitem__, key="registre", width=560)
    render.show("registre_conseil.html", texte=ADVICE[chosen], commande=COMMANDS.get(chosen, ""))
    running = waiting.show(JOB, "Lecture du registre", "Rien n’a changé dans l’annuaire.")
    wanted = _open() if chosen == FILE else None
    if not running and chosen == SIRENE.key:
        _ask_sirene(site)
    elif not running and chosen in (ESS_FRANCE.key, DATA_INCLUSION.key, SIAE.key):
        _ask_list(site, REGISTERS[chosen])
    register = wanted.register if wanted else REGISTERS.get(chosen)
    if register and not running:
        compared = _compared(site, register)
        if compared:
            register_review.draw(site, compared, wanted)
        else:
            render.show("registre_vide.html", texte="Ce registre n’a pas encore été lu avec cet annuaire.")


# ---- read


def _territories(site: Site) -> dict[str, str]:
    known = chooser.territories(site)
    return {code: name for code, name in known.items() if code.startswith(("petr:", "epci:"))}


def _choose_territory(site: Site) -> Territory:
    names = _territories(site)
    # The PETR come first, the one with the most inhabitants before the others.
    chosen = st.selectbox(
        "Territoire", list(names), format_func=names.__getitem__, key="registre_territoire", width=560
    )
    return Territory.parse(chosen)


def _ask_sirene(site: Site) -> None:
    territory = _choose_territory(site)
    st.button(
        "Interroger le registre",
        key="registre_interroger",
        type="primary",
        icon=":material/cloud_download:",
        on_click=_ask_for,
        args=(site, territory),
    )


def _ask_for(site: Site, territory: Territory) -> None:
    chosen = {"petr": territory.code} if territory.level == "petr" else {"epci": [territory.code]}
    place = perimeter(site.territories, **chosen)

    def read(tell: Tell) -> Reading:
        with search_service() as service:
            return read_sirene(service, site.territories, place, date.today().isoformat(), tell)

    _start(read)


def _ask_list(site: Site, register: Register) -> None:
    territory = _choose_territory(site)
    day = st.text_input(
        "Date de la liste, si elle est connue", placeholder="2026-11-22", key="registre_date", max_chars=10, width=280
    ).strip()
    with st.container(key="registre_depot"):
        sent = st.file_uploader(
            "Fichier de la liste",
            type=["csv", "json", "xlsx", "txt"],
            key=f"registre_fichier_{register.key}",
            width=720,
        )
    if sent and st.button("Lire le fichier", type="primary", icon=":material/playlist_add_check:"):
        content, name = sent.getvalue(), sent.name
        communes = frozenset(map(str, site.territories.communes_of(territory)))

        def read(_: Tell) -> Reading:
            with brought(content, name) as path:
                return read_list(register.key.replace("_", "-"), path, site.territories, communes, day)

        try:
            check_day(day)
        except DataError as error:
            render.show("refus.html", texte=str(error))
            return
        _start(read)
        st.rerun()


def _start(read: Callable[[Tell], Reading]) -> None:
    """Read a register in its own thread, and keep what it says for the next reading to be compared with."""
    if not access.person().may_edit:
        return  # the page is drawn again, and says why
    store = cache.store()

    def work(tell: Tell) -> Compared:
        reading = read(tell)
        tell(len(reading.rows), len(reading.rows))
        with store.transaction() as under_way:
            return keep_reading(under_way, reading)

    cache.jobs().start(JOB, work)


def _open() -> Wanted | None:
    """Return what is left in a file of proposals, read once."""
    sent = st.file_uploader("Fichier de propositions", type=["csv"], key="registre_propositions", width=720)
    if sent is None:
        return None
    known = state.kept("registre_propositions")
    if not known or known[0] != sent.file_id:
        try:
            with brought(sent.getvalue(), sent.name) as path:
                known = (sent.file_id, read_wanted(path))
        except DataError as error:
            render.show("refus.html", texte=str(error))
            return None
        state.keep("registre_propositions", known)
    wanted: Wanted = known[1]
    return wanted


# ---- what was read


def _compared(site: Site, register: Register) -> Compared | None:
    """Return the last reading of a register: the one that has just been made, else the one that is kept."""
    job = cache.jobs().get(JOB)
    fresh = _result(job, register)
    known = state.kept("registre_lu")
    key = (site, register.key, fresh)
    if not known or any(mine is not other for mine, other in zip(known[0], key, strict=True)):
        known = (key, fresh or last_reading(cache.store(), register))
        state.keep("registre_lu", known)
    compared: Compared | None = known[1]
    return compared


def _result(job: Job | None, register: Register) -> Compared | None:
    found = job.result if job and job.state == "done" else None
    return found if isinstance(found, Compared) and found.reading.register == register else None
