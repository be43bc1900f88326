"""A territory told in eight screens, from the data: what it is, who is there, what lacks, what comes next."""

import datetime
from collections import Counter

import numpy as np

from esscarto import events, figures
from esscarto.french import NBSP, bound, count, enumerate_words, number, sort_key
from esscarto.metrics import INDICATORS, Counts
from esscarto.programmes import NATURES
from esscarto.reach import white_zones
from esscarto.screens.model import Deck, Fact, Line, Screen, View, populations
from esscarto.sheets.build import build, definite
from esscarto.sheets.model import Sheet
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.vocabulary import CATEGORIES, FAMILLES, PRIORITY_SOURCE, PRIORITY_THEMES, STATUTS, THEMES

FAR_KM = 10.0
"""Beyond it, a commune is white on the screen of the white zones, as on the page."""
MOST_LINES = 8
MOST_LONG_LINES = 5
"""Lines of two or three rows each: more would not be read in a room."""
PUBLISHED = ("emplois_ess", "part_emplois_ess", "etablissements_employeurs_ess")
DIRECTORY = "Annuaire esscarto"
NOT_A_CENSUS = (
    "L’annuaire n’est pas un recensement : il dit ce que ses documents connaissent. "
    "Un territoire sans acteur connu n’est pas un territoire sans acteur."
)


def deck(site: Site, territory: Territory, today: datetime.date) -> Deck:
    """Return the eight screens of a territory: an EPCI, a PETR, a département or a région.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    territory : Territory
        A commune gives its intercommunalité: alone, it has nothing to compare.
    today : datetime.date
        The day that the screens bear.
    """
    if territory.level == "commune":
        territory = site.territories.parent(territory) or territory
    teller = _Teller(site, territory, today)
    screens = (
        teller.place(),
        teller.density(),
        teller.families(),
        teller.themes(),
        teller.white_zones(),
        teller.cooperation(),
        teller.practices(),
        teller.next_steps(),
    )
    return Deck("territoire", f"Présenter {definite(site, territory)}", screens)


class _Teller:
    """What the screens of one territory share, read once."""

    def __init__(self, site: Site, territory: Territory, today: datetime.date):
        self.site, self.territory, self.today = site, territory, today
        self.sheet: Sheet = build(site, territory, today)
        self.inside = site.index.inside(territory)
        self.counted = site.actors.counted
        self.everyone = np.ones(len(site.actors), dtype=bool)
        self.ici = definite(site, territory)

    def place(self) -> Screen:
        summary = {label: (value, when) for label, value, when in self.sheet.summary}
        facts = [Fact(value, label, _drawn(label, self.site), when) for label, (value, when) in summary.items()]
        layer = self.site.territories.layers["epci"]
        inside = sorted(
            self.site.territories.children(self.territory, "epci"), key=lambda code: -layer.at[code, "population"]
        )
        people = populations(self.site)
        lines = [
            Line(str(layer.at[code, "nom"]), count(int(layer.at[code, "population"]), "habitant"), people)
            for code in inside[:MOST_LINES]
            if len(inside) > 1
        ]
        what = [
            f"{value[0]}{NBSP}{label.lower()}" for label, value in summary.items() if label in ("Habitants", "Communes")
        ]
        return Screen(
            title=self.sheet.title,
            over="Le territoire",
            lead=bound(f"{enumerate_words(what)}."),
            facts=tuple(facts[:5]),
            lines=tuple(lines),
            list_title="Ses intercommunalités"
            + (f", les {MOST_LINES} plus peuplées" if len(inside) > MOST_LINES else ""),
            sources=(f"Communes : {self.site.territories.vintages.get('communes', '')}",),
            view=View(self.territory, level="epci"),
        )

    def density(self) -> Screen:
        indicator = INDICATORS["pour_1000"]
        below = "commune" if self.territory.level == "epci" else "epci"
        parts = self.site.counter(below).counts(self.everyone)
        own = self.site.counter(self.territory.level).counts(self.everyone)
        values = indicator.values(parts)
        inside = values.reindex(self.site.territories.children(self.territory, below)).dropna()
        ranked = sorted(inside.items(), key=lambda item: (-item[1], sort_key(self._name(below, item[0]))))
        shown = ranked if below == "epci" else [one for one in ranked if one[1] > 0]
        acteurs = dict(zip(parts.codes, parts.acteurs, strict=True))
        source = f"{DIRECTORY} ; {populations(self.site)}"
        lines = [
            Line(self._name(below, code), f"{indicator.format(value)} ({count(int(acteurs[code]), 'acteur')})", source)
            for code, value in shown[:MOST_LINES]
        ]
        known = int(INDICATORS["acteurs"].value(own, self.territory.code))
        facts = [
            Fact(number(known), "acteurs de l’ESS connus", DIRECTORY),
            Fact(
                indicator.format(indicator.value(own, self.territory.code)), "acteur connu pour 1 000 habitants", source
            ),
            *self._published(),
        ]
        low, high = (inside.min(), inside.max()) if len(inside) else (0.0, 0.0)
        what = "intercommunalité" if below == "epci" else "commune"
        if below == "epci":
            span = f"De {indicator.format(low)} à {indicator.format(high)}"
            title = f"{span} acteur connu pour 1 000 habitants, selon l’{what}"
        else:
            title = f"{count(len(shown), 'commune')} sur {number(len(inside))} ont un acteur connu"
        return Screen(
            title=bound(title),
            over="La densité",
            facts=tuple(facts),
            lines=tuple(lines),
            list_title=f"Acteurs connus pour 1 000 habitants, par {what}",
            remark=bound(f"{self._above(below, parts)}{NOT_A_CENSUS}"),
            view=View(self.territory, level=below, indicator="pour_1000", values=values),
        )

    def families(self) -> Screen:
        known = self.sheet.known
        ranked = sorted(known.families, key=lambda family: (-family[2], family[1]))
        most = f", surtout des {ranked[0][1].lower()}s" if ranked and ranked[0][0] in FAMILLES else ""
        lines = [Line(CATEGORIES[code], count(total, "fiche"), DIRECTORY, code) for code, _, total in ranked]
        return Screen(
            title=bound(f"{count(known.total, 'fiche')} dans l’annuaire{most}"),
            over="Les familles",
            lead=bound(
                f"Dont {count(known.counted, 'acteur')} de l’ESS par le statut ou par une qualification ; "
                "les autres les accompagnent, ou leur statut n’est pas imprimé."
            ),
            lines=tuple(lines),
            list_title="Famille juridique, sinon rôle",
            remark=NOT_A_CENSUS,
            view=self._actors(self.inside, "acteurs"),
        )

    def themes(self) -> Screen:
        known = self.sheet.known
        present = {name for name, _ in known.themes}
        absent = [THEMES[code] for code in THEMES if THEMES[code] not in present]
        lines = [Line(name, count(total, "fiche"), DIRECTORY) for name, total in known.themes[:MOST_LINES]]
        first = f"{known.themes[0][0]} d’abord" if known.themes else "Aucun thème connu"
        lead = (
            f"Aucune fiche connue ici sur : {enumerate_words(name.lower() for name in absent)}."
            if absent
            else "Chaque thème a au moins une fiche connue."
        )
        return Screen(
            title=bound(
                f"{first}, {count(known.themes[0][1], 'fiche')} sur {number(known.total)}" if known.themes else first
            ),
            over="Les thèmes",
            lead=bound(lead),
            lines=tuple(lines),
            list_title="Les thèmes les plus portés (une fiche peut en porter plusieurs)",
            remark=NOT_A_CENSUS,
            view=self._actors(self.inside, "acteurs"),
        )

    def white_zones(self) -> Screen:
        rows = self.site.index.rows["th"]
        zones = {
            theme: white_zones(self.site.reach, self.territory, rows[theme] & self.counted, FAR_KM)
            for theme in PRIORITY_THEMES
        }
        widest = max(PRIORITY_THEMES, key=lambda theme: zones[theme].inhabitants)
        far = f"à plus de {number(FAR_KM)}{NBSP}km d’un acteur connu de l’ESS"
        source = f"{DIRECTORY}, distances en ligne droite ; {populations(self.site)}"
        facts = []
        for theme, zone in zones.items():
            everyone = int(zone.communes["population"].sum())
            share = f"{number(100 * zone.inhabitants / everyone)}{NBSP}% des habitants, " if everyone else ""
            note = f"{share}{count(len(zone.white), 'commune')}"
            facts.append(Fact(number(zone.inhabitants), f"habitants, {THEMES[theme].lower()}", source, note))
        worst = zones[widest]
        lines = [
            Line(
                str(row.nom),
                count(int(row.population), "habitant")
                + (f", {number(row.km, 1)}{NBSP}km" if np.isfinite(row.km) else ""),
                source,
            )
            for row in worst.white.nlargest(MOST_LONG_LINES, "population").itertuples()
        ]
        return Screen(
            title=bound(f"{THEMES[widest]} : {count(worst.inhabitants, 'habitant')} {far}"),
            over="Les zones blanches des quatre thèmes prioritaires",
            lead=bound(f"Habitants {far}, thème par thème :"),
            facts=tuple(facts),
            lines=tuple(lines),
            list_title=f"{THEMES[widest]} : les plus peuplées de ces communes, et la distance",
            remark=bound("Zone blanche : aucun acteur connu, ce qui ne veut pas dire aucun acteur."),
            sources=(self.site.say_source(PRIORITY_SOURCE),),
            view=View(
                self.territory,
                white=worst.communes["white"],
                white_title=f"Plus de {number(FAR_KM)}{NBSP}km, {THEMES[widest].lower()}",
                actors=rows[widest] & self.counted,
            ),
        )

    def cooperation(self) -> Screen:
        rows, frame = self.site.rows, self.site.actors.frame
        wide = self._region()
        ptce = self.site.index.rows["ty"]["ptce"] & self.site.index.inside(wide)
        here = [at for at in np.flatnonzero(ptce) if self.inside[at]]
        others = sorted(
            (at for at in np.flatnonzero(ptce) if not self.inside[at]), key=lambda at: sort_key(rows[at]["nom"])
        )
        printed = self.site.figures.find(str(wide), "nombre_ptce")
        facts = [Fact(number(len(here)), f"connu ici sur {count(int(ptce.sum()), 'fiche')} en région", DIRECTORY)]
        if printed:
            facts.append(Fact(figures.amount(printed), printed["libelle"], self._cite(printed), figures.year(printed)))
        lines = [self._line(at) for at in map(int, [*here, *others])]
        names = enumerate_words(rows[at]["nom"] for at in here)
        relations = [
            one for one in self.sheet.known.relations if one.organisation in {frame.iloc[at]["nom"] for at in here}
        ]
        lead = (
            f"{count(len(relations), 'lien imprimé', 'liens imprimés')} avec d’autres organisations."
            if relations
            else ""
        )
        return Screen(
            title=bound(names or "Aucun pôle de coopération connu ici"),
            over="Les pôles territoriaux de coopération économique (PTCE)",
            lead=bound(lead),
            facts=tuple(facts),
            lines=tuple(lines[:MOST_LINES]),
            list_title="Ici d’abord, puis dans la région" if here else "Dans la région",
            remark=bound(
                f"Un pôle connu au seul département n’a pas de point. {printed['note'] if printed else ''}".strip()
            ),
            view=View(self.territory if here else wide, level="epci", actors=ptce),
        )

    def practices(self) -> Screen:
        own = [code for code, _ in self.sheet.known.practices]
        sheets = self.site.practices.by_id
        wanted = [
            code
            for code, sheet in sheets.items()
            if code not in own and set(PRIORITY_THEMES) & set(sheet.get("themes", []))
        ]
        wanted.sort(key=lambda code: (-len(set(PRIORITY_THEMES) & set(sheets[code]["themes"])), sheets[code]["titre"]))
        chosen = [*own, *wanted][:MOST_LONG_LINES]
        lines = [
            Line(
                bound(sheets[code]["titre"]),
                bound(_first_sentence(sheets[code]["resume"])),
                self.site.say_source(sheets[code]["source"]),
            )
            for code in chosen
        ]
        words = f"{count(len(own), 'pratique')} d’ici, " if own else ""
        return Screen(
            title=bound(
                f"{words}{count(len(wanted), 'autre')} à reprendre sur les thèmes prioritaires"
                if own
                else f"{count(len(wanted), 'pratique')} d’ailleurs à reprendre sur les thèmes prioritaires"
            ),
            over="Ce qui a été fait",
            lines=tuple(lines),
            list_title="D’ici d’abord, puis d’ailleurs" if own else "D’ailleurs",
            sources=(self.site.say_source(PRIORITY_SOURCE),),
            view=self._actors(self.inside, "acteurs"),
        )

    def next_steps(self) -> Screen:
        sheet = self.sheet
        lines = []
        if sheet.first:
            ways = " · ".join(part for part in (sheet.first.function, sheet.first.email, sheet.first.telephone) if part)
            lines.append(Line(f"Appeler : {sheet.first.name}", ways, sheet.first.source))
        lines += [
            Line(f"Suivre : {one.name}", f"{one.place}, {one.state}", one.source) for one in sheet.known.projects[:2]
        ]
        holders = [self.territory, *self.site.territories.parents(self.territory)]
        for row in self._programmes(holders)[:2]:
            lines.append(
                Line(
                    f"Solliciter : {row['nom']}",
                    f"{NATURES[row['nature']].lower()} · {row['ce_que_c_est']}",
                    self._cite(row),
                )
            )
        dated = [
            (span[0], row)
            for row in self.site.events.rows
            if (span := events.days(row, self.today)) and span[1] >= self.today
        ]
        for _, row in sorted(dated, key=lambda one: (one[0], one[1]["nom"]))[:1]:
            lines.append(Line(f"Préparer : {row['nom']}", events.when(row), self._cite(row)))
        states = Counter(self.site.rows[at]["statut"] for at in np.flatnonzero(self.inside))
        if states["a_verifier"]:
            lines.append(
                Line(
                    f"Vérifier : {count(states['a_verifier'], 'fiche')}",
                    f"état « {STATUTS['a_verifier'].lower()} » dans l’annuaire",
                    DIRECTORY,
                )
            )
        return Screen(
            title="Et maintenant ?",
            over="La suite",
            lead=bound(
                f"Référent ESS : {sheet.referent}." + (f" {sheet.referent_note}." if sheet.referent_note else "")
            ),
            lines=tuple(Line(bound(one.words), bound(one.detail), one.source) for one in lines),
            list_title="Ce que l’on peut faire, d’après les documents et l’annuaire",
            view=self._actors(self.inside, "acteurs"),
        )

    def _programmes(self, holders: list[Territory]) -> list[dict[str, str]]:
        """Return what may be drawn on, the nearest first: in a room, its own come first."""
        rank = {str(one): at for at, one in enumerate(holders)}
        found = self.site.programmes.for_territories(holders, THEMES)
        return sorted(found, key=lambda row: rank.get(row["territoire"], len(rank)))

    # ---- what the screens share

    def _actors(self, mask: np.ndarray, indicator: str) -> View:
        level = "epci" if self.territory.level in ("departement", "region") else "commune"
        counts = self.site.counter(level).counts(self.everyone)
        return View(
            self.territory, level=level, indicator=indicator, values=INDICATORS[indicator].values(counts), actors=mask
        )

    def _above(self, below: str, parts: Counts) -> str:
        """Say how many are counted for the whole and in none of its parts: no source prints in which."""
        inside = parts.acteurs[parts.codes.isin(self.site.territories.children(self.territory, below))].sum()
        rest = int(np.count_nonzero(self.inside & self.counted) - inside)
        where = "aucune commune" if below == "commune" else "aucune intercommunalité"
        return f"{count(rest, 'acteur')} de l’ESS sans commune connue : dans {where} ici. " if rest else ""

    def _published(self) -> list[Fact]:
        rows = [self.site.figures.find(str(self.territory), indicator) for indicator in PUBLISHED]
        return [
            Fact(
                figures.amount(row) + (f"{NBSP}%" if row["unite"] == "%" else ""),
                row["libelle"],
                self._cite(row),
                figures.year(row),
            )
            for row in rows
            if row and row["valeur"]
        ]

    def _line(self, at: int) -> Line:
        row = self.site.rows[at]
        return Line(row["nom"], self.site.places[at], self._cite(row), self.site.categories[at])

    def _cite(self, row: dict[str, str]) -> str:
        return self.site.say_source(row["source"])

    def _name(self, level: str, code: object) -> str:
        return self.site.territories.name(Territory(level, str(code)))

    def _region(self) -> Territory:
        holders = [self.territory, *self.site.territories.parents(self.territory)]
        return next((one for one in holders if one.level == "region"), self.territory)


def _drawn(label: str, site: Site) -> str:
    """Say where a line of the summary comes from."""
    vintages = site.territories.vintages
    return (
        populations(site)
        if "abitants" in label
        else f"Contours : {vintages.get('contours', '')}"
        if "km" in label
        else f"Communes et intercommunalités : {vintages.get('epci', '')}"
    )


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "."
