import pytest
from register_places import SOISSONS

from esscarto.errors import DataError
from esscarto.registers import proposal_file
from esscarto.registers.proposal_file import left, read_wanted
from esscarto.registers.remembering import keep_reading, last_reading
from esscarto.registers.rows import SIRENE, Reading, frame, make_row
from esscarto.storage.commune_names import CommuneNames
from esscarto.storage.register_files import brought, write_table
from esscarto.storage.store import FileStore

MONDAY, TUESDAY = "2026-11-16", "2026-11-17"
FIRST, SECOND, THIRD = "10000000000011", "10000000000029", "10000000000037"


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path)


@pytest.fixture
def read(store, territories):
    """Read a register that says some establishments."""
    names = CommuneNames(territories)

    def go(day, *sirets, **cells):
        rows = [
            make_row(
                SIRENE, names, key=one, citation=one, day=day, name=f"E {one}", code_insee=SOISSONS, siret=one, **cells
            )
            for one in sirets
        ]
        with store.transaction() as under_way:
            return keep_reading(under_way, Reading(SIRENE, day, frozenset({SOISSONS}), frame(rows)))

    return go


@pytest.fixture
def directory(make_rows):
    """Two actors, both of them in the register."""
    known = {"code_insee": SOISSONS, "commune": "Soissons"}
    return make_rows({"id": "un", "siret": FIRST, **known}, {"id": "deux", "siret": SECOND, **known})


def told(proposals):
    return [(each.kind, each.key, each.already_seen) for each in proposals]


def test_a_register_that_was_never_read_has_no_last_reading(store):
    assert last_reading(store, SIRENE) is None


def test_a_reading_outlives_the_program_with_what_there_is_to_decide(store, read, directory):
    fresh = read(MONDAY, FIRST, SECOND, THIRD, famille="association")
    again = last_reading(store, SIRENE)
    assert (again.reading.day, len(again.reading.rows)) == (MONDAY, 3)
    assert [each[:2] for each in told(again.proposals(directory))] == [
        each[:2] for each in told(fresh.proposals(directory))
    ]
    assert {each.already_seen for each in fresh.proposals(directory)} == {False}
    assert {each.already_seen for each in again.proposals(directory)} == {True}


def test_what_is_gone_is_still_proposed_by_the_last_reading(store, read, directory):
    read(MONDAY, FIRST, SECOND)
    fresh = read(TUESDAY, FIRST)
    assert told(fresh.proposals(directory)) == [("disparu", SECOND, False)]
    assert told(last_reading(store, SIRENE).proposals(directory)) == [("disparu", SECOND, True)]


def test_what_was_accepted_is_no_longer_proposed(read, directory):
    fresh = read(MONDAY, FIRST, famille="association")
    assert [each.key for each in fresh.proposals(directory)] == [FIRST]
    assert fresh.proposals(directory.assign(famille="association")) == ()


# ---- the file of proposals


@pytest.fixture
def written(tmp_path, read, directory):
    """A file of proposals as the commands write it, of which some lines are kept."""

    def make(keep=lambda _: True):
        proposals = read(MONDAY, FIRST, THIRD, famille="association", adresse="1 rue X").proposals(directory)
        lines = [line for line in proposal_file.lines_of(proposals, directory) if keep(line)]
        path = tmp_path / "propositions.csv"
        write_table(path, proposal_file.COLUMNS, lines)
        return path, proposals

    return make


def test_a_whole_file_gives_every_proposal_back(written):
    path, proposals = written()
    wanted = read_wanted(path)
    assert wanted.register == SIRENE
    assert left(proposals, wanted) == proposals


def test_a_line_taken_out_of_the_file_is_not_wanted(written):
    path, proposals = written(lambda line: line[4] == "famille")
    (kept,) = left(proposals, read_wanted(path))
    assert (kept.key, [each.field for each in kept.fields]) == (FIRST, ["famille"])


def test_what_is_no_longer_proposed_is_left_out(written):
    path, _ = written()
    assert left((), read_wanted(path)) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a;b\n1;2\n", "n’est pas celui attendu"),
        ("proposition;champ;source\nautre chose;;900:1\n", "ligne 2"),
        ("proposition;champ;source\nabsent de l’annuaire;;000:1\n", "ligne 2"),
        ("proposition;champ;source\nabsent de l’annuaire;;900:1\nabsent de l’annuaire;;901:1\n", "plusieurs registres"),
    ],
)
def test_another_file_is_refused(write, text, said):
    with pytest.raises(DataError, match=said):
        read_wanted(write("x.csv", text))


# ---- a file that is sent to the page


@pytest.mark.parametrize(
    "name", ["liste.csv", "../../liste.csv", "C:\\dossier\\liste.csv", "", "a\x00b.csv", "é" * 300]
)
def test_a_file_that_is_sent_is_read_where_it_can_do_no_harm_and_leaves_nothing(name):
    with brought("SIRET;é\n".encode(), name) as path:
        assert path.read_text(encoding="utf-8") == "SIRET;é\n"
        assert path.parent.name.startswith("esscarto-")
    assert not path.parent.exists()


def test_a_file_that_is_sent_keeps_its_name_for_the_messages():
    with brought(b"x", "dossier/liste.csv") as path:
        assert path.name == "liste.csv"
