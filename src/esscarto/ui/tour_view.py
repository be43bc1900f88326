"""The page ESS Tour: who is visited, the day in the proposed order, what is taken away, the tours kept."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from esscarto import saved_tours, tours
from esscarto.cartography.tour_map import tour_map
from esscarto.errors import DataError
from esscarto.french import NBSP, count, number, sort_key
from esscarto.legs import Leg
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.timetable import Timetable, build, due_hours, lasting, longer_km, road, said
from esscarto.tour_warnings import warnings
from esscarto.tours import LENGTHS, LUNCHES, NAME_LETTERS, SPEEDS, Stop, Tour
from esscarto.ui import (
    access,
    cache,
    chooser,
    events_view,
    page_state,
    render,
    roads_view,
    state,
    tour_files_view,
    tour_return_view,
)

PAGE = "ess_tour"
ANYWHERE = {"depart": "Chez le premier acteur", "arrivee": "Chez le dernier acteur"}


def draw(site: Site) -> None:
    """Draw the page."""
    render.show("tour_titre.html")
    _say_what_was_done("haut")
    _kept_tours(site)
    current = _current(site)
    _begin(current)
    tour, roads = _day(site, _who(site, current)), cache.roads()
    shown = st.container()
    # Made before the fields of one visit, which speak of its place in the day, and after what they change.
    table = build(site, tour, roads)
    if table.tour.stops:
        table = build(site, _one_visit(site, table.tour), roads)
    _keep(table.tour)
    with shown:
        if table.tour.stops:
            _timetable(site, table)
        else:
            render.show("tour_vide.html")
    if table.visits:
        tour_files_view.draw(site, table)
    _save(table.tour)
    tour_return_view.draw(site, table)
    events_view.draw(site, table)


# ---- what is chosen


def _who(site: Site, tour: Tour) -> Tour:
    frame = site.actors.frame
    pairs = sorted(zip(frame["nom"], site.places, frame.index, strict=True), key=lambda one: (sort_key(one[0]), one[1]))
    labels = {actor: f"{name} · {place}" for name, place, actor in pairs}
    render.show("tour_section.html", titre="Qui visiter")
    # What the list does not find letter by letter is sent as it was typed, and looked for without its accents.
    wanted = st.multiselect(
        "Acteurs, par nom et par commune",
        list(labels),
        key=_key("qui"),
        format_func=lambda one: labels.get(one, one),
        max_selections=tours.MOST,
        placeholder="Écrivez un nom ou une commune",
        accept_new_options=True,
        filter_mode="contains",
        select_all=False,
        on_change=_find,
        args=(labels,),
    )
    if told := state.kept("tour_cherche"):
        render.show("choix_cherche.html", mots=told[0], noms=told[1])
    held = state.kept("panier")
    others = [actor for actor in held.of("acteur") if actor in frame.index and actor not in wanted] if held else []
    if others:
        label = f"Ajouter ceux du panier ({len(others)})"
        st.button(label, key=_key("panier"), icon=":material/shopping_basket:", on_click=_add, args=(others,))
    return tour.with_actors(wanted)


def _find(labels: dict[str, str]) -> None:
    """Put the one actor that was meant in the place of the words that were typed; else say which are near."""
    state.keep("tour_cherche", None)
    wanted: list[str] = []
    for one in state.held(_key("qui")):
        found = [one] if one in labels else chooser.matches(labels, one)
        if len(found) == 1:
            wanted += found
        else:
            near = (found or chooser.near_names(labels, one))[: chooser.MOST_NEAR]
            state.keep("tour_cherche", (one, [labels[actor] for actor in near]))
    page_state.choose(PAGE, qui=list(dict.fromkeys(wanted)))


def _day(site: Site, tour: Tour) -> Tour:
    communes = _communes(site, tour)
    with st.expander("La journée : date, lieux, heures, déjeuner", expanded=True, key=_key("journee")):
        first, second, third = st.columns(3)
        name = first.text_input("Nom du tour", key=_key("nom"), max_chars=NAME_LETTERS, placeholder="Tour de novembre")
        day = second.date_input("Date", key=_key("jour"), value=None, format="DD/MM/YYYY")
        at = third.time_input("Heure de départ", key=_key("heure"), step=300)
        chosen = {}
        for column, key, title in ((first, "depart", "Commune de départ"), (second, "arrivee", "Commune d’arrivée")):
            chooser.box(column, title, {"": ANYWHERE[key], **communes}, _key(key))
            chosen[key] = state.held(_key(key)) or ""
        minutes = third.number_input("Minutes par visite", *LENGTHS, key=_key("minutes"), step=5)
        lunch_at = first.time_input("Déjeuner vers", key=_key("midi"), step=900)
        lunch = second.selectbox(
            "Durée du déjeuner",
            LUNCHES,
            key=_key("repas"),
            format_func=lambda length: lasting(length) if length else "Pas de déjeuner",
        )
        speed = third.number_input("Vitesse moyenne (km/h)", *SPEEDS, key=_key("vitesse"), step=5)
    return replace(
        tour,
        name=tours.tidy_name(name),
        day=day,
        start=chosen["depart"],
        end=chosen["arrivee"],
        at=f"{at:%H:%M}",
        minutes=int(minutes),
        lunch_at=f"{lunch_at:%H:%M}",
        lunch=lunch,
        speed_kmh=int(speed),
    )


def _communes(site: Site, tour: Tour) -> dict[str, str]:
    """Return the communes of the PETR, and those of the tour, by name."""
    layer = site.territories.communes
    codes = [*layer.index[layer["petr"].notna()], *(code for code in (tour.start, tour.end) if code)]
    names = {str(code): site.territories.title(Territory("commune", str(code))) for code in dict.fromkeys(codes)}
    return dict(sorted(names.items(), key=lambda item: sort_key(item[1])))


def _one_visit(site: Site, tour: Tour) -> Tour:
    """Draw what can be changed of one visit at a time: each widget costs at each change."""
    names = {actor: str(site.actors.frame.at[actor, "nom"]) for actor in tour.actors}
    with st.expander("Régler une visite : durée, rendez-vous, place dans la journée", key=_key("regler")):
        actor = st.selectbox("Visite", list(names), key=_key("visite"), format_func=names.__getitem__)
        if actor is None:
            return tour
        stop = next(one for one in tour.stops if one.actor == actor)
        # The keys change with what the fields start from: a link that is opened fills them anew.
        mark = f"{actor}_{tour.minutes}_{state.kept('tour_n')}"
        first, second, third = st.columns(3, vertical_alignment="bottom")
        minutes = first.number_input(
            "Durée, en minutes", *LENGTHS, value=stop.minutes or tour.minutes, step=5, key=_key(f"duree_{mark}")
        )
        due = second.time_input(
            "Rendez-vous fixé à (facultatif)", value=_time(stop.appointment), step=300, key=_key(f"rdv_{mark}")
        )
        pinned = third.checkbox("La garder à sa place", value=stop.pinned, key=_key(f"place_{mark}"))
        with st.container(horizontal=True):
            for label, icon, step in (("Plus tôt", "arrow_upward", -1), ("Plus tard", "arrow_downward", 1)):
                at = tour.actors.index(actor) + step
                st.button(
                    label,
                    key=_key(label),
                    icon=f":material/{icon}:",
                    on_click=_move,
                    args=(actor, step),
                    disabled=not 0 <= at < len(tour.stops),
                )
            st.button("Retirer du tour", key=_key("retirer"), icon=":material/delete:", on_click=_remove, args=(actor,))
            if tour.by_hand:
                st.button("Suivre l’ordre proposé", key=_key("auto"), icon=":material/route:", on_click=_follow)
    own = None if minutes == tour.minutes else int(minutes)
    return tour.change(actor, minutes=own, appointment=f"{due:%H:%M}" if due else "", pinned=pinned)


# ---- what is shown


def _timetable(site: Site, table: Timetable) -> None:
    longer = longer_km(site, table.tour) if table.tour.by_hand else 0.0
    render.show(
        "tour_jour.html",
        phrase=table.sentence if table.visits else "Aucune des visites n’a de point : l’horaire ne peut pas être fait.",
        table=table,
        avertissements=warnings(site, table, datetime.date.today()),
        epargne=f"{number(longer, 1)}{NBSP}km" if longer >= 0.1 else "",
    )
    if not table.visits:
        return
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        ways = [(way.start, way.end) for way in table.legs.values()]
        roads_view.draw(PAGE, ways, cache.roads(), "Les points de la journée")
        render.show("tour_horaire.html", table=table, methode=table.method, lignes=_lines(table))
    with right:
        render.show(
            "tour_carte.html",
            carte=tour_map(site, table),
            etapes=count(len(table.visits), "étape"),
            bouts=bool(table.start or table.end),
            contours=site.territories.vintages.get("contours", ""),
        )


def _lines(table: Timetable) -> list[dict[str, Any]]:
    def line(name: str, hour: str, place: str = "", way: Leg | None = None, **more: str) -> dict[str, Any]:
        route = road(way.km, way.drive) if way else ""
        source = f"{NBSP}(IGN)" if route and way and way.day else ""
        return {"rang": "", "acteur": "", "nom": name, "heure": hour, "lieu": place, "route": route + source, **more}

    lines = [line("Départ", said(table.leave), table.start)] if table.start else []
    for visit in table.visits:
        who = {"rang": f"{visit.number}. ", "acteur": visit.stop.actor}
        lines.append(line(visit.name, due_hours(visit), visit.where, visit.leg, **who))
        if visit.lunch:
            lines.append(line("Déjeuner", f"{said(visit.lunch[0])} à {said(visit.lunch[1])}"))
    if table.end:
        lines.append(line("Arrivée", said(table.back), table.end, table.home))
    return lines


def _say_what_was_done(place: str) -> None:
    """Say it where the button was."""
    left = state.kept("tour_dit")
    if left and left[0] == place:
        state.keep("tour_dit", None)
        render.show("tour_dit.html", faute=left[1], texte=left[2])


# ---- the tours kept


def _begin(tour: Tour) -> None:
    """Draw the button that empties the page, then the one that takes the tour of before back."""
    if tour != Tour():
        st.button("Nouveau tour", key=_key("nouveau"), icon=":material/add:", on_click=_new, args=(tour,))
    elif before := state.kept("tour_avant"):
        label = f"Revenir au tour précédent ({count(len(before.stops), 'visite')})"
        st.button(label, key=_key("revenir"), icon=":material/undo:", on_click=_open, args=(before,))


def _new(tour: Tour) -> None:
    state.keep("tour_avant", tour)
    _open(Tour())


def _kept_tours(site: Site) -> None:
    try:
        known = saved_tours.saved(cache.store(), site)
    except DataError as error:
        render.show("erreur.html", texte=str(error))
        return
    if not known:
        return
    with st.expander(f"Les tours enregistrés ({len(known)})", expanded=not state.kept("tour")):
        name = st.selectbox("Tour", list(known), key=_key("enregistre"))
        with st.container(horizontal=True):
            st.button("Ouvrir", key=_key("ouvrir"), icon=":material/folder_open:", on_click=_open, args=(known[name],))
            if access.person().may_edit:
                st.button("Dupliquer", key=_key("copier"), on_click=_duplicate, args=(site, name))
                st.button("Supprimer", key=_key("effacer"), icon=":material/delete:", on_click=_delete, args=(name,))


def _save(tour: Tour) -> None:
    if not tour.stops or not access.person().may_edit:
        return
    render.show("tour_section.html", titre="Enregistrer ce tour")
    replacing = st.checkbox("Remplacer le tour de ce nom, s’il existe", key=_key("remplacer"))
    st.button(
        "Enregistrer",
        key=_key("enregistrer"),
        icon=":material/save:",
        on_click=partial(_try, "bas", _write, tour, replacing),
        disabled=not tour.name,
        help=None if tour.name else "Donnez d’abord un nom au tour.",
    )
    _say_what_was_done("bas")


def _write(tour: Tour, replacing: bool) -> str:
    saved_tours.save(cache.store(), tour, role=access.must_edit().role, replacing=replacing)
    return f"Tour enregistré : {tour.name}."


def _duplicate(site: Site, name: str) -> None:
    _try("haut", lambda: f"Copie : {saved_tours.duplicate(cache.store(), name, site, role=access.must_edit().role)}.")


def _delete(name: str) -> None:
    def removed() -> str:
        saved_tours.delete(cache.store(), name, role=access.must_edit().role)
        return f"Tour supprimé : {name}.{tour_return_view.say_what_stays(name)}"

    _try("haut", removed)


def _try(place: str, action: Callable[..., str], *what: Any) -> None:
    """Do something, and keep for the next run what to say of it."""
    try:
        state.keep("tour_dit", (place, False, action(*what)))
    except DataError as error:
        state.keep("tour_dit", (place, True, str(error)))


# ---- what is kept between two runs


def _current(site: Site) -> Tour:
    """Return the tour: that of a link when one is opened, else that of the visitor."""
    held, query = state.kept("tour"), state.address()
    opened = "tour" in query and query != state.kept("tour_lien")
    if opened or held is None:
        known = site.actors.frame.index.__contains__
        held = tours.parse_link(query, known, site.territories.communes.index.__contains__)
    if opened or not state.holds_widgets(_key("qui")):
        _fill(held)
    return held


def _keep(tour: Tour) -> None:
    query = tours.format_link(tour)
    state.keep("tour", tour)
    state.keep("tour_lien", query)
    state.readdress(query)


def _fill(tour: Tour) -> None:
    """Put a tour in the fields of the page."""
    state.keep("tour_n", (state.kept("tour_n") or 0) + 1)
    page_state.choose(
        PAGE,
        qui=tour.actors,
        nom=tour.name,
        jour=tour.day,
        heure=_time(tour.at),
        depart=tour.start,
        arrivee=tour.end,
        minutes=tour.minutes,
        midi=_time(tour.lunch_at),
        repas=tour.lunch,
        vitesse=tour.speed_kmh,
    )


def _open(tour: Tour) -> None:
    _keep(tour)
    _fill(tour)


def _add(actors: list[str]) -> None:
    tour = state.kept("tour")
    _open(replace(tour, stops=(*tour.stops, *(Stop(actor) for actor in actors))[: tours.MOST]))


def _remove(actor: str) -> None:
    tour = state.kept("tour")
    _open(tour.with_actors(one for one in tour.actors if one != actor))


def _move(actor: str, step: int) -> None:
    state.keep("tour", state.kept("tour").move(actor, step))


def _follow() -> None:
    state.keep("tour", replace(state.kept("tour"), by_hand=False))


def _time(text: str) -> datetime.time | None:
    return datetime.time.fromisoformat(text) if text else None


def _key(name: str) -> str:
    return page_state.page_key(PAGE, name)
