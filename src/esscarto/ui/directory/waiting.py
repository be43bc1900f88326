"""A long task of the server as the page shows it: its progress while it runs, then how it ended."""

import streamlit as st

from esscarto.errors import DataError
from esscarto.french import NBSP, number
from esscarto.jobs import Job
from esscarto.ui import cache, render

POLL_S = 1.0


def show(name: str, doing: str, kept: str) -> bool:
    """Draw the task of a name.

    Parameters
    ----------
    name : str
        Its name among the jobs of the server.
    doing : str
        What it does, in words: ``Recherche des adresses``.
    kept : str
        A sentence on what is kept when it does not reach its end.

    Returns
    -------
    bool
        Whether it is running.
    """
    job = cache.jobs().get(name)
    if job is None:
        return False
    if job.is_running:
        _watch(name, doing)
        return True
    _say_end(name, job, doing, kept)
    return False


@st.fragment(run_every=POLL_S)
def _watch(name: str, doing: str) -> None:
    job = cache.jobs().get(name)
    if job is None or not job.is_running:
        st.rerun()
    known = f"{NBSP}: {number(job.done)} sur {number(job.total)}" if job.total else "…"
    st.progress(job.share, text=f"{doing}{known}")
    st.button("Arrêter", key=f"arreter_{name}", on_click=job.stop, icon=":material/stop_circle:")


def _say_end(name: str, job: Job, doing: str, kept: str) -> None:
    when = f"{job.ended:%H:%M}" if job.ended else ""
    if job.state == "stopped":
        render.show("arret.html", titre=f"{doing} : arrêtée à {when}", suite=kept)
    elif isinstance(job.error, DataError):
        render.show("refus.html", texte=f"{doing}, {when}{NBSP}: {job.error} {kept}")
    elif job.error:
        # Not foreseen: told once, with the number under which the log keeps it.
        cache.jobs().forget(name)
        raise job.error
