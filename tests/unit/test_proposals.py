"""What a visitor proposes waits to be read: it is never live, and what should not wait is refused."""

import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from esscarto.editing import Correction, EditError, actors_schema
from esscarto.errors import DataError
from esscarto.journal import history, record, undo
from esscarto.proposal_queue import COLUMNS, Proposal, read_queue
from esscarto.proposals import (
    MAX_PENDING,
    MAX_PER_HOUR,
    PROPOSABLE,
    Submission,
    accept,
    pending,
    refuse,
    submit,
)
from esscarto.ratelimit import RateLimiter
from esscarto.settings import SITE
from esscarto.storage.store import ConflictError, FileStore

NOON = datetime(2026, 11, 22, 12, 30, tzinfo=timezone(timedelta(hours=1)))
ACTOR = "activcites"
COMPLETED = {
    "id": "zeste-toy",
    "organisation": "zeste-toy",
    "statut_ess": "non_imprime",
    "roles": "operateur",
    "precision": "aucune",
    "statut": "a_verifier",
    "source": "000:1",
}


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """A store that holds the shipped directory, and no queue yet."""
    shutil.copy(SITE / "data" / "actors.csv", tmp_path)
    return FileStore(tmp_path)


def send(store: FileStore, *, sender: str = "a", limiter: RateLimiter | None = None, now: datetime = NOON, **given):
    form = {"cells": {"nom": "Zeste"}, "origin": "leur site"} | given
    return submit(store, Submission(**form), sender=sender, limiter=limiter or RateLimiter(), now=now)


def directory(store: FileStore) -> bytes:
    return store.files.table("actors").read_bytes()


class TestSubmitting:
    def test_a_proposal_waits_and_the_directory_does_not_move(self, store: FileStore):
        before = directory(store)
        sent = send(store, cells={"nom": " Zeste ", "themes": "mobilite | culture", "adresse": ""})
        assert pending(store) == [sent]
        assert sent == Proposal(
            1, "2026-11-22T12:30:00+01:00", "", {"nom": "Zeste", "themes": "mobilite|culture"}, "leur site"
        )
        assert directory(store) == before
        assert history(store) == []

    def test_a_correction_keeps_what_the_directory_held_and_only_what_differs(self, store: FileStore):
        row = store.read("actors").rows.set_index("id").loc[ACTOR]
        cells = {column: row[column] for column in PROPOSABLE} | {"telephone": "03 00 00 00 00"}
        sent = send(store, actor=ACTOR, cells=cells)
        assert (sent.actor, sent.cells) == (ACTOR, {"telephone": "03 00 00 00 00"})
        assert sent.seen == {"telephone": row["telephone"]}

    def test_every_text_waits_as_it_was_sent(self, store: FileStore, hostile: str):
        if len(hostile) <= 300:
            send(store, cells={"nom": "x", "description": hostile})
            (kept,) = pending(store)
            assert kept.cells["description"].casefold().split() == hostile.replace("E\u0301", "É").casefold().split()
        else:
            with pytest.raises(DataError, match="trop longue"):
                send(store, cells={"nom": hostile})

    def test_no_cell_of_the_queue_is_a_formula(self, store: FileStore):
        send(store, cells={"nom": "=1+1", "adresse": "@x"})
        row = store.read("proposals").rows.iloc[0]
        assert row["cells"].startswith("{")

    def test_nothing_that_names_the_sender_is_stored(self, store: FileStore):
        send(store, sender="203.0.113.7")
        assert b"203.0.113.7" not in store.files.table("proposals").read_bytes()
        assert set(store.read("proposals").rows.columns) == set(COLUMNS)

    def test_a_filled_trap_stores_nothing(self, store: FileStore):
        with pytest.raises(DataError, match="rempli par un programme"):
            send(store, trap="https://exemple.invalid")
        assert pending(store) == []

    def test_the_sixth_of_an_hour_waits_and_another_visitor_does_not(self, store: FileStore):
        limiter = RateLimiter(5, 3600.0, clock=lambda: 0.0)
        for number in range(5):
            send(store, limiter=limiter, cells={"nom": f"Zeste {number}"})
        with pytest.raises(DataError, match="Réessayez dans 61"):
            send(store, limiter=limiter)
        send(store, limiter=limiter, sender="b")
        assert len(pending(store)) == 6

    def test_attempts_that_are_refused_count_too(self, store: FileStore):
        limiter = RateLimiter(1, 3600.0, clock=lambda: 0.0)
        with pytest.raises(EditError):
            send(store, limiter=limiter, origin="")
        with pytest.raises(DataError, match="déjà envoyé plusieurs"):
            send(store, limiter=limiter)

    @pytest.mark.parametrize(
        ("given", "column", "fault"),
        [
            ({"cells": {"nom": "Z", "courriel": "x.canari@exemple.fr"}}, "courriel", "nominative"),
            ({"cells": {"nom": "Z", "telephone": "06 00 00 00 00"}}, "telephone", "téléphone mobile"),
            ({"cells": {"nom": "Z", "description": "Voir x.canari@exemple.fr"}}, "description", "nominative"),
            ({"origin": "le 07 00 00 00 00"}, "origin", "téléphone mobile"),
            ({"origin": " "}, "origin", "d’où vous le tenez"),
            ({"cells": {"adresse": "1 rue"}}, "nom", "obligatoire"),
            ({"cells": {"nom": " "}}, "nom", "obligatoire"),
            ({"cells": {"nom": " "}, "actor": ACTOR}, "nom", "obligatoire"),
            ({"cells": {"nom": "x" * 301}}, "nom", "300 caractères au plus"),
            ({"cells": {"nom": "Z", "description": "x" * 2001}}, "description", "2000 caractères au plus"),
            ({"cells": {"nom": "Z", "famille": "asociation"}}, "famille", "Vouliez-vous dire « association » ?"),
            ({"cells": {"nom": "Z", "site_web": "javascript:x"}}, "site_web", "la forme n’est pas celle"),
            ({"cells": {"nom": "Z", "siret": "123"}}, "siret", "la forme n’est pas celle"),
        ],
    )
    def test_what_does_not_hold_is_refused_in_french_and_stores_nothing(self, store: FileStore, given, column, fault):
        with pytest.raises(EditError) as refused:
            send(store, **given)
        assert list(refused.value.faults) == [column]
        assert fault in refused.value.faults[column]
        assert pending(store) == []

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"cells": {"nom": "Z", "description": "é" * 5000}}, "trop longue"),
            ({"cells": {"nom": "Z", "source": "000:1"}}, "n’est pas ouverte aux propositions"),
            ({"cells": {"nom": "Z", "id": "x"}}, "n’est pas ouverte aux propositions"),
            ({"cells": {"nom": "Z", "<b>": "x"}}, "n’est pas ouverte aux propositions"),
            ({"actor": "nulle-part"}, "aucun acteur ne porte"),
            ({"actor": ACTOR, "cells": {}}, "vous n’avez rien changé"),
        ],
    )
    def test_what_makes_no_sense_is_refused_and_stores_nothing(self, store: FileStore, given, message):
        with pytest.raises(DataError, match=message):
            send(store, **given)
        assert pending(store) == []

    def test_the_same_proposal_sent_twice_waits_once(self, store: FileStore):
        send(store)
        with pytest.raises(DataError, match="cette proposition est déjà arrivée"):
            send(store, sender="b")
        refuse(store, 1, role="referent", reason="doublon", now=NOON)
        send(store)
        assert [proposal.number for proposal in pending(store)] == [2]

    def test_all_visitors_together_cannot_drown_the_moderator(self, store: FileStore):
        for number in range(MAX_PER_HOUR):
            send(store, sender=str(number), cells={"nom": f"Zeste {number}"})
        with pytest.raises(DataError, match="trop de propositions"):
            send(store, sender="x", now=NOON + timedelta(minutes=59))
        assert send(store, sender="x", now=NOON + timedelta(minutes=61)).number == MAX_PER_HOUR + 1

    def test_a_full_queue_takes_no_more_until_some_is_decided(self, store: FileStore):
        send(store)
        row = store.read("proposals")
        many = row.rows.loc[[0] * MAX_PENDING].reset_index(drop=True)
        many["proposal"] = [str(number + 1) for number in range(MAX_PENDING)]
        many["cells"] = [f'{{"nom": "Zeste {number}"}}' for number in range(MAX_PENDING)]
        store.save("proposals", many, seen=row.version)
        later = NOON + timedelta(days=1)
        with pytest.raises(DataError, match="trop de propositions"):
            send(store, now=later)
        refuse(store, 7, role="referent", reason="hors du territoire", now=later)
        assert send(store, now=later).number == MAX_PENDING + 1

    def test_the_columns_open_to_visitors_are_columns_of_the_directory(self):
        assert set(PROPOSABLE) <= set(actors_schema().columns)
        assert not set(PROPOSABLE) & {"id", "organisation", "source", "longitude", "latitude", "precision"}


class TestDeciding:
    def test_an_accepted_correction_becomes_a_recorded_edit_that_can_be_undone(self, store: FileStore):
        before = directory(store)
        send(store, actor=ACTOR, cells={"telephone": "03 00 00 00 00"})
        change = accept(store, 1, role="referent", now=NOON)
        assert store.read("actors").rows.set_index("id").at[ACTOR, "telephone"] == "03 00 00 00 00"
        assert (change.kind, change.role, change.reason) == ("correction", "referent", "proposition 1 acceptée")
        assert history(store) == [change]
        assert pending(store) == []
        (decided,) = read_queue(store)
        assert (decided.state, decided.role, decided.change) == ("acceptee", "referent", change.number)
        undo(store, change.number, role="referent", now=NOON)
        assert directory(store) == before

    def test_an_addition_needs_what_only_the_moderator_knows(self, store: FileStore):
        before = directory(store)
        send(store)
        with pytest.raises(EditError) as refused:
            accept(store, 1, role="referent")
        assert set(refused.value.faults) == set(COMPLETED)
        assert directory(store) == before
        assert len(pending(store)) == 1
        change = accept(store, 1, role="referent", cells=COMPLETED, now=NOON)
        assert change.kind == "ajout"
        row = store.read("actors").rows.set_index("id", drop=False).loc["zeste-toy"]
        assert {column: cell for column, cell in row.items() if cell} == COMPLETED | {"nom": "Zeste"}

    def test_the_moderator_may_mend_a_proposed_value(self, store: FileStore):
        send(store, actor=ACTOR, cells={"nom": "activcites"})
        accept(store, 1, role="referent", cells={"nom": "Activ’Cités, régie"}, reason="graphie", now=NOON)
        assert store.read("actors").rows.set_index("id").at[ACTOR, "nom"] == "Activ’Cités, régie"
        assert history(store)[0].reason == "proposition 1 acceptée\u00a0: graphie"

    def test_a_value_that_has_moved_since_the_visitor_saw_it_is_not_overwritten_unseen(self, store: FileStore):
        send(store, actor=ACTOR, cells={"telephone": "03 00 00 00 00"})
        record(store, [Correction(ACTOR, {}, {"telephone": "03 11 11 11 11"})], role="local", now=NOON)
        with pytest.raises(ConflictError):
            accept(store, 1, role="referent", now=NOON)
        assert len(pending(store)) == 1
        seen = {"telephone": "03 11 11 11 11"}
        accept(store, 1, role="referent", seen=seen, now=NOON)
        assert store.read("actors").rows.set_index("id").at[ACTOR, "telephone"] == "03 00 00 00 00"

    def test_another_column_that_has_moved_since_is_no_obstacle(self, store: FileStore):
        send(store, actor=ACTOR, cells={"telephone": "03 00 00 00 00"})
        record(store, [Correction(ACTOR, {}, {"note": "x"})], role="local", now=NOON)
        accept(store, 1, role="referent", now=NOON)

    def test_a_refused_proposal_changes_nothing_and_says_why(self, store: FileStore):
        before = directory(store)
        send(store)
        decided = refuse(store, 1, role="referent", reason="hors du territoire", now=NOON)
        assert read_queue(store) == [decided]
        assert (decided.state, decided.reason) == ("refusee", "hors du territoire")
        assert decided.decided == "2026-11-22T12:30:00+01:00"
        assert pending(store) == []
        assert directory(store) == before

    @pytest.mark.parametrize("reason", ["", " ", "vu avec x.canari@exemple.fr"])
    def test_a_refusal_needs_a_reason_without_personal_data(self, store: FileStore, reason: str):
        send(store)
        with pytest.raises(EditError) as refused:
            refuse(store, 1, role="referent", reason=reason)
        assert set(refused.value.faults) == {"reason"}
        assert len(pending(store)) == 1

    def test_a_proposal_is_decided_once(self, store: FileStore):
        send(store, actor=ACTOR, cells={"telephone": "03 00 00 00 00"})
        accept(store, 1, role="referent", now=NOON)
        with pytest.raises(DataError, match="a déjà été décidée\u00a0: acceptée"):
            refuse(store, 1, role="referent", reason="trop tard")
        with pytest.raises(DataError, match="a déjà été décidée\u00a0: acceptée"):
            accept(store, 1, role="referent")
        with pytest.raises(DataError, match="la proposition 2 n’existe pas"):
            accept(store, 2, role="referent")

    def test_a_role_is_one_of_a_closed_list(self, store: FileStore):
        send(store)
        with pytest.raises(ValueError, match="not a role"):
            accept(store, 1, role="jaune canari", cells=COMPLETED)
        with pytest.raises(ValueError, match="not a role"):
            refuse(store, 1, role="jaune canari", reason="non")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("cells", "{"),
        ("cells", "[]"),
        ("cells", '{"nom": 1}'),
        ("seen", "null"),
        ("state", "live"),
        ("proposal", "x"),
        ("when", "hier"),
        ("when", "2026-11-22T12:30:00"),
    ],
)
def test_a_queue_damaged_by_hand_is_refused_with_its_line_and_never_half_read(store: FileStore, column: str, cell: str):
    send(store)
    queue = store.read("proposals")
    store.save("proposals", queue.rows.assign(**{column: cell}), seen=queue.version)
    with pytest.raises(DataError) as refused:
        pending(store)
    assert refused.value.where == "proposals.csv, ligne 2"
    with pytest.raises(DataError):
        send(store, sender="b")
