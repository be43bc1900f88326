"""The letter tells what the journal holds, as it stands today, in words that no newsletter interprets."""

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from esscarto import digest as module
from esscarto.actors import locate
from esscarto.digest import Digest, card_address, digest, markdown, plain
from esscarto.editing import Addition, Correction, Retirement
from esscarto.journal import history, record, restore, undo, versions
from esscarto.settings import SITE
from esscarto.site import Site, load_site
from esscarto.storage.loading import read_actors
from esscarto.storage.store import FileStore
from esscarto.territories import Territory

PARIS = timezone(timedelta(hours=1))
TODAY = date(2026, 11, 22)
SINCE = date(2026, 5, 22)
SOISSONS = {"precision": "commune", "commune": "Soissons", "code_insee": "02722"}
NEW = {
    "id": "essai",
    "organisation": "essai",
    "nom": "Essai",
    "statut_ess": "statut",
    "famille": "association",
    "roles": "operateur",
    "statut": "actif",
    "source": "saisie:2026-10-05",
    **SOISSONS,
}


class Directory:
    """The shipped directory in a folder of its own, and its journal."""

    def __init__(self, folder: Path, shipped: Site):
        shutil.copy(SITE / "data" / "actors.csv", folder)
        self.folder, self.store, self.shipped = folder, FileStore(folder), shipped

    def row(self, actor: str) -> dict[str, str]:
        rows = self.store.read("actors").rows
        return {column: str(cell) for column, cell in rows[rows["id"] == actor].iloc[0].items()}

    def write(self, *edits, day: date = date(2026, 10, 5)) -> int:
        """Record edits; return the number of the last."""
        return record(self.store, edits, role="referent", now=moment(day))[-1].number

    def correct(self, actor: str, *, day: date = date(2026, 10, 5), **after: str) -> int:
        return self.write(Correction(actor, {}, after), day=day)

    def letter(self, territory: Territory | None = None) -> Digest:
        site = replace(self.shipped, actors=locate(read_actors(self.folder).rows, self.shipped.territories))
        return digest(site, history(self.store), SINCE, TODAY, territory)

    def told(self, territory: Territory | None = None) -> dict[str, tuple[str, str]]:
        """Return name of the actor -> (section, what is said)."""
        return {
            line.name: (section, line.said)
            for section, listings in self.letter(territory).sections
            for listing in listings
            for line in listing.lines
        }


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, 30, tzinfo=PARIS)


@pytest.fixture(scope="module")
def shipped() -> Site:
    return load_site(SITE / "data")


@pytest.fixture
def directory(tmp_path: Path, shipped: Site) -> Directory:
    return Directory(tmp_path, shipped)


def test_an_empty_letter_says_that_nothing_has_changed(directory):
    letter = directory.letter()
    assert (letter.changed, letter.sections, letter.origins) == (0, (), ())
    assert letter.sentence == "Depuis le 22 mai 2026, rien n’a changé dans l’annuaire."
    assert letter.closing[0] == "250\u00a0fiches au 22 novembre 2026, le journal de l’annuaire est encore vide."
    assert letter.sentence in markdown(letter)


def test_what_is_before_the_first_day_is_not_told_and_the_first_day_is(directory):
    directory.correct("oress", day=date(2026, 5, 21), statut="actif")
    assert directory.letter().changed == 0
    directory.correct("sefard", day=SINCE, statut="actif")
    assert set(directory.told()) == {directory.row("sefard")["nom"]}
    # The journal says since when it is kept: before, nobody knows.
    assert "tenu depuis le 21 mai 2026" in directory.letter().closing[0]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"telephone": "03 21 00 00 00"}, "téléphone ajouté"),
        ({"courriel": "contact@activcites.fr"}, "courriel mis à jour"),
        ({"courriel": ""}, "courriel retiré"),
        ({"types": "ei", "siret": ""}, "types mis à jour et SIRET retiré"),
        ({"tranche_effectif": "22", "effectif_imprime": "170 salariés"}, "effectif mis à jour"),
        ({"description": "Autre texte."}, "description mise à jour"),
        ({"adresse": "1 Rue de la Paix"}, "adresse mise à jour"),
        ({"code_postal": "62000"}, "localisation mise à jour"),
        ({"statut": "a_verifier"}, "désormais «\u00a0à vérifier\u00a0» (auparavant «\u00a0en activité\u00a0»)"),
        ({"statut_date": "2026-09"}, "état confirmé (septembre 2026)"),
        ({"nom": "Activ’Cités 62"}, "nom mis à jour (auparavant\u00a0: Activ’Cités)"),
    ],
)
def test_a_correction_is_told_in_words(directory, after, said):
    directory.correct("activcites", **after)
    ((_, words),) = directory.told().values()
    assert words == said


def test_an_address_that_is_found_is_an_address_made_precise(directory):
    # Placed at its commune in the shipped table.
    actor = next(
        row["id"]
        for row in directory.store.read("actors").rows.to_dict("records")
        if row["precision"] == "commune" and row["code_insee"] == "02722"
    )
    directory.correct(actor, precision="adresse", adresse="1 Rue de la Paix", longitude="3.32", latitude="49.38")
    ((section, words),) = directory.told().values()
    assert (section, words) == ("CA GrandSoissons Agglomération", "adresse précisée")


def test_what_was_changed_back_is_not_news(directory):
    directory.correct("activcites", nom="Un autre nom")
    number = directory.correct("oress", statut="actif")
    directory.correct("activcites", nom="Activ’Cités")
    undo(directory.store, number, role="referent", now=moment(date(2026, 10, 6)))
    directory.write(Addition(NEW))
    undo(directory.store, number + 3, role="referent", now=moment(date(2026, 10, 7)))
    assert directory.letter().changed == 0


def test_an_undoing_of_what_is_older_is_news(directory):
    number = directory.correct("activcites", day=date(2026, 3, 2), telephone="03 21 00 00 00")
    undo(directory.store, number, role="referent", now=moment(date(2026, 10, 6)))
    ((_, words),) = directory.told().values()
    assert words == "téléphone retiré"


def test_an_addition_says_what_it_is_where_and_where_it_comes_from(directory):
    directory.write(Addition(NEW), Addition({**NEW, "id": "essai-2", "nom": "Essai 2", "types": "tiers_lieu"}))
    directory.write(Addition({**NEW, "id": "essai-3", "nom": "Essai 3", "statut": "projet", "source": "901:12"}))
    letter = directory.letter()
    assert directory.told() == {
        "Essai": ("CA GrandSoissons Agglomération", "Association"),
        "Essai 2": ("CA GrandSoissons Agglomération", "Tiers-lieu"),
        "Essai 3": ("CA GrandSoissons Agglomération", "Association (en projet)"),
    }
    assert letter.origins == (
        "2\u00a0fiches\u00a0: saisie dans l’annuaire",
        "1\u00a0fiche\u00a0: Liste nationale des entreprises de l’ESS (ESS France)",
    )
    assert letter.sentence == "Depuis le 22 mai 2026\u00a0: 3\u00a0acteurs ajoutés."


def test_a_family_that_nobody_has_printed_is_left_out(directory):
    directory.write(Addition({**NEW, "types": "", "famille": ""}))
    directory.write(Addition({**NEW, "id": "essai-2", "nom": "Essai 2", "famille": "", "statut": "projet"}))
    assert [said for _, said in directory.told().values()] == ["", "(en projet)"]


def test_a_retirement_gives_its_date(directory):
    directory.write(Retirement("sefard", directory.row("sefard"), "2026-06"))
    ((_, words),) = directory.told().values()
    assert words == "date de fin\u00a0: juin 2026"
    assert "1\u00a0acteur terminé" in directory.letter().sentence


def test_a_row_that_has_left_the_directory_keeps_its_name_and_its_place(directory):
    number = directory.write(Addition(NEW), day=date(2026, 3, 2))
    undo(directory.store, number, role="referent", now=moment(date(2026, 10, 6)))
    assert directory.told() == {"Essai": ("CA GrandSoissons Agglomération", "")}
    assert "1\u00a0fiche supprimée" in directory.letter().sentence
    assert "sel=acteur" not in markdown(directory.letter(), "https://ess.example.fr")


def test_what_only_the_keepers_need_is_counted_and_not_listed(directory):
    directory.correct("activcites", note="Relue.")
    letter = directory.letter()
    assert (letter.sections, letter.changed) == ((), 1)
    assert letter.sentence == "Depuis le 22 mai 2026\u00a0: 1\u00a0fiche relue (sources, dates)."


def test_a_value_that_the_directory_no_longer_holds_is_not_told(directory):
    directory.correct("activcites", telephone="03 21 00 00 00")
    first = min(version.number for version in versions(directory.store))
    restore(directory.store, first, role="referent", now=moment(date(2026, 10, 8)))
    letter = directory.letter()
    assert letter.changed == 0
    # Whoever sends the letter is told why it may be short; its readers are not.
    (remark,) = letter.remarks
    assert remark.startswith("Le 8 octobre 2026, l’annuaire a été remis tel qu’il était")
    assert remark not in markdown(letter)


def test_a_letter_of_one_territory_leaves_the_others_out(directory):
    directory.write(Addition(NEW))
    directory.correct("ressourcerie-air-peronne", telephone="03 22 00 00 00")
    soissonnais = Territory("petr", "soissonnais-valois")
    assert set(directory.told()) == {"Essai", "Ressourcerie AIR"}
    assert set(directory.told(soissonnais)) == {"Essai"}
    assert set(directory.told(Territory("epci", "200037059"))) == {"Ressourcerie AIR"}
    assert "(PETR du Soissonnais et du Valois)" in directory.letter(soissonnais).title


def test_the_sections_follow_the_petr_and_the_actors_without_a_place_come_last(directory):
    directory.correct("oress", statut="actif")
    directory.correct("ressourcerie-air-peronne", telephone="03 22 00 00 00")
    directory.write(
        Addition(
            {**NEW, "id": "zz", "precision": "petr", "commune": "", "code_insee": ""}
            | {"territoire": "petr:soissonnais-valois"}
        ),
        Addition(NEW),
    )
    assert [section for section, _ in directory.letter().sections] == [
        "CC de la Haute Somme (Combles - Péronne - Roisel)",
        "CA GrandSoissons Agglomération",
        "PETR du Soissonnais et du Valois, sans commune connue",
        "Ailleurs, ou sans lieu connu",
    ]


def test_a_long_list_is_cut_and_counted(directory, monkeypatch):
    monkeypatch.setattr(module, "NAMED", 2)
    directory.write(*(Addition({**NEW, "id": f"essai-{n}", "nom": f"Essai {n}"}) for n in range(5)))
    ((_, (listing,)),) = directory.letter().sections
    assert ([line.name for line in listing.lines], listing.more) == (["Essai 0", "Essai 1"], 3)
    assert listing.title == "5\u00a0acteurs ajoutés"
    assert "- et 3\u00a0autres" in markdown(directory.letter())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Régie (AIR) n° 2, d’ici : l’atelier", "Régie (AIR) n° 2, d’ici : l’atelier"),
        ("![x](http://h/p.png)", r"\!\[x\](http\://h/p.png)"),
        ("<img src=x onerror=alert(1)>", r"\<img src=x onerror=alert(1)\>"),
        ("*a* _b_ `c` ~~d~~ # e | f $g$ &amp; \\h", r"\*a\* \_b\_ \`c\` \~\~d\~\~ \# e \| f \$g\$ \&amp; \\h"),
        ("deux\n# lignes\tici", r"deux \# lignes ici"),
        ("10\u00a0000", "10\u00a0000"),
    ],
)
def test_a_text_is_shown_as_it_is_written(text, shown):
    assert plain(text) == shown


def test_a_hostile_name_opens_nothing_in_the_letter(directory):
    directory.write(Addition({**NEW, "nom": "Essai\u2028](http://h) ![x](http://h/p.png) <b>"}))
    written = markdown(directory.letter(), "https://ess.example.fr")
    assert r"\]" in written
    assert r"\!\[x\](http\://h/p.png) \<b\>" in written
    assert "](https://ess.example.fr/carte?sel=acteur:essai)" in written


def test_a_name_leads_to_its_sheet_only_where_the_application_is_published():
    assert card_address("https://ess.example.fr", "essai") == "https://ess.example.fr/carte?sel=acteur:essai"
    assert card_address("", "essai") == card_address("https://ess.example.fr", "") == ""
