"""The part « Importer » run by Streamlit's own harness: what is refused, settled, and how little is drawn."""

import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest
from tests.app.harness import checked, open_page, raw, text_of

from esscarto import settings
from esscarto.storage.store import FileStore
from esscarto.ui.directory.import_problems import PAGE

DATA = settings.SITE / "data"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, that this machine's user may change."""
    for path in DATA.iterdir():
        if path.name in ("actors.csv", "documents.csv"):
            shutil.copy(path, tmp_path)
        else:
            (tmp_path / path.name).symlink_to(path)
    monkeypatch.setenv("ESSCARTO_DATA", str(tmp_path))
    monkeypatch.setenv("ESSCARTO_ACCESS", "local")
    return tmp_path


def sent(content: bytes, name: str = "essai.csv") -> AppTest:
    """Open the part and send a file."""
    app = open_page("donnees", partie="importer")
    app.file_uploader[0].upload(name, content)
    return checked(app.run())


def figures(app: AppTest) -> dict[str, int]:
    """Return the counts at the head of the part, by their words."""
    found = re.findall(r"<dt>([^<]+)</dt><dd class=\"ess-valeur\">([^<]+)</dd>", raw(app))
    return {words: int(re.sub(r"\D", "", value)) for words, value in found}


def step(app: AppTest, code: str) -> AppTest:
    app.button_group(key="import_etape").set_value(code)
    return checked(app.run())


def line_by_line(app: AppTest) -> AppTest:
    next(group for group in app.button_group if group.label == "Présentation").set_value("lignes")
    return checked(app.run())


def form_button(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    button.click()
    return checked(app.run())


def test_a_file_that_is_no_table_is_refused_in_french_and_another_can_be_sent():
    app = sent(b"%PDF-1.7", "liste_*_<img>.csv")
    assert "Ce fichier est un document PDF, pas un tableau (liste_*_&lt;img&gt;.csv)" in raw(app)
    app.file_uploader[0].upload("bon.csv", b"nom;code_insee\nZorglub;02722\n")
    checked(app.run())
    assert figures(app) == {"lignes lues": 1, "bonnes": 1, "à corriger": 0, "refusées": 0, "doublons à décider": 0}
    assert "document PDF" not in text_of(app)


def column(app: AppTest, rank: int):
    return next(box for box in app.selectbox if box.label == f"Colonne {rank}, lue comme")


def test_a_column_can_be_read_for_something_else():
    app = sent(b"nom;code_insee;Coordonnees;Couleur\nZorglub;02722;03 23 00 00 00;bleu\n")
    assert "Couleur (gardée à part)" in text_of(app)
    app.toggle[0].set_value(True)
    checked(app.run())
    column(app, 3).set_value("telephone")
    form_button(app, "Appliquer")
    assert "Coordonnees (choisi par vous)" in text_of(app)
    column(app, 1).set_value("telephone")
    form_button(app, "Appliquer")
    assert "« nom » et « Coordonnees » sont lues pour la même chose" in text_of(app)
    column(app, 1).set_value("")
    form_button(app, "Appliquer")
    assert "Aucune colonne ne donne le nom des structures" in text_of(app)


def test_another_sheet_of_a_workbook_can_be_read(tmp_path_factory):
    book = openpyxl.Workbook()
    assert book.active
    book.active.append(["nom", "code_insee"])
    book.active.append(["Zorglub", "02722"])
    other = book.create_sheet("Deuxième")
    for line in (["nom"], ["Bulgroz"], ["Brume"]):
        other.append(line)
    path = tmp_path_factory.mktemp("classeur") / "deux.xlsx"
    book.save(path)
    app = sent(path.read_bytes(), "deux.xlsx")
    assert figures(app)["lignes lues"] == 1
    next(box for box in app.selectbox if box.label == "Feuille du classeur").set_value("Deuxième")
    checked(app.run())
    assert figures(app)["lignes lues"] == 2


def test_what_the_file_is_must_hold_and_is_kept():
    app = step(sent(b"nom;code_insee\nZorglub;02722\n"), "source")
    inputs = {field.label: field for field in app.text_input}
    inputs["Producteur"].set_value("PETR exemple")
    inputs["Date du fichier"].set_value("hier")
    form_button(app, "Enregistrer la source")
    assert "(Date). Écrivez par exemple 2026, novembre 2026 ou 22/11/2026." in text_of(app)
    for typed in ("", "novembre 2026"):
        {field.label: field for field in app.text_input}["Date du fichier"].set_value(typed)
        form_button(app, "Enregistrer la source")
        assert "Source enregistrée." in text_of(app)
    step(app, "publier")
    assert "« essai.csv », PETR exemple, novembre 2026, licence non fournie" in text_of(app)


def test_a_suggestion_a_correction_by_hand_and_their_removal():
    app = sent(b"nom;code_insee;commune;siret\nZorglub;2722;Soissons;\nBulgroz;02722;;1,23457E+13\n")
    step(app, "problemes")
    assert figures(app)["à corriger"] == 2
    line_by_line(app)
    app.multiselect[0].set_value([0])
    form_button(app, "Accepter ces suggestions")
    assert figures(app)["à corriger"] == 1
    next(box for box in app.selectbox if box.label.startswith("Case à corriger")).select_index(0)
    form_button(app, "Corriger")
    assert figures(app)["bonnes"] == 2
    form_button(app, "Retirer mes corrections (2\u00a0cases)")
    assert figures(app)["à corriger"] == 2


def test_a_duplicate_waits_until_it_is_decided_then_completes_and_is_undone(folder):
    store = FileStore(folder)
    before = store.read("actors").rows
    known = before[(before["siret"] != "") & (before["telephone"] == "")].iloc[0]
    app = sent(f"nom;siret;telephone\nAutre nom;{known['siret']};03 23 00 00 00\n".encode())
    assert figures(app)["doublons à décider"] == 1
    step(app, "doublons")
    assert "(peut compléter)" in text_of(app)
    app.radio[0].set_value("completer")
    form_button(app, "Enregistrer ces décisions")
    assert figures(app)["à compléter"] == 1
    step(app, "publier")
    app.button(key="import_publier").click()
    checked(app.run())
    assert "0 fiche ajoutée, 1 fiche complétée" in text_of(app)
    after = store.read("actors").rows.set_index("id").loc[known["id"]]
    assert after["telephone"] == "03 23 00 00 00"
    app.button(key="import_annuler").click()
    checked(app.run())
    assert "Import annulé : 1 changement en arrière" in text_of(app)
    assert store.read("actors").rows.equals(before)


def test_many_duplicates_are_decided_at_once_only_by_a_decision_that_was_chosen():
    app = step(sent(b"nom;code_insee\nZorglub;02722\nzorglub;02722\nZORGLUB;02722\n"), "doublons")
    (button,) = [button for button in app.button if button.label.startswith("Décider")]
    assert (button.label, button.disabled) == ("Décider de 2\u00a0doublons", True)
    next(box for box in app.selectbox if box.label == "Décision").set_value("ecarter")
    form_button(checked(app.run()), "Décider de 2\u00a0doublons")
    assert figures(app)["écartées par vous"] == 2


def test_the_lines_outside_the_petr_are_counted_before_they_are_published_and_can_be_left_out():
    app = step(sent(b"nom;code_insee\nZorglub;02722\nBulgroz;80021\nSans lieu;\n"), "publier")
    assert "3 nouvelles fiches, dont 1 dans les PETR suivis" in text_of(app)
    app.checkbox[0].check()
    checked(app.run())
    assert "1 nouvelle fiche, dont 1 dans les PETR suivis" in text_of(app)
    assert figures(app)["écartées par vous"] == 2
    app.checkbox[0].uncheck()
    checked(app.run())
    assert figures(app)["bonnes"] == 3


def test_a_long_report_is_drawn_a_page_at_a_time():
    lines = [f"Zorglub {number};9999{number % 10};1,23457E+13" for number in range(3_000)]
    app = sent("\n".join(["nom;code_insee;siret", *lines]).encode())
    step(app, "problemes")
    line_by_line(app)
    assert raw(app).count('<th scope="row">') == PAGE
    assert len(raw(app)) < 60_000
