"""A visitor without a browser: the websocket of Streamlit spoken with the headers that a test chooses."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

PATIENCE_S = 60.0


class Session:
    """One open session.

    Attributes
    ----------
    identifier : str
        What Streamlit calls it; known once a page has been drawn.
    """

    def __init__(self, socket: ClientConnection):
        self.socket = socket
        self.identifier = ""

    def open(self, page: str, query: str = "") -> str:
        """Draw a page and return its HTML, then the labels of its buttons."""
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = query
        self.socket.send(asked.SerializeToString())
        return "\n".join(self._drawn())

    def _drawn(self) -> Iterator[str]:
        while True:
            told = ForwardMsg.FromString(self.socket.recv(timeout=PATIENCE_S))
            kind = told.WhichOneof("type")
            if kind == "new_session":
                self.identifier = told.new_session.initialize.session_id
            elif kind == "delta" and told.delta.HasField("new_element"):
                element = told.delta.new_element
                yield from (element.html.body, element.button.label, element.alert.body)
            elif kind == "script_finished" and told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return


@contextmanager
def session(port: int, headers: Mapping[str, str], host: str = "127.0.0.1") -> Iterator[Session]:
    """Open a session on a server of this machine called by the name ``host``, with these headers and no other."""
    socket = connect(
        f"ws://{host}:{port}/_stcore/stream",
        address=("127.0.0.1", port),
        additional_headers=dict(headers),
        subprotocols=["streamlit"],
        compression=None,
        max_size=None,
        proxy=None,
    )
    with socket:
        yield Session(socket)
