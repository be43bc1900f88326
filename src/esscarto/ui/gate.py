"""What is done to a request before Streamlit reads it: only editors send files; who signs in comes back to Données."""

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from esscarto.ui.access import may_send_files

_UPLOADS = "/_stcore/upload_file/"
_SIGN_IN = ("/oauth2callback", "/auth/login", "/auth/logout")


class Gate:
    """Refuse the files of visitors, and lead back to the page from which one signs in or out.

    Streamlit takes a file from any open session, whether the page asks for one or not, and keeps it in memory: ten
    megabytes as often as one likes. It also ends a sign-in on the first page, whose visitor would not know what to do.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        if scope["type"] == "http" and scope["method"] in ("PUT", "POST") and _UPLOADS in path:
            session = path.partition(_UPLOADS)[2].partition("/")[0]
            if not may_send_files(session):
                await PlainTextResponse("Envoi réservé aux référents.", status_code=403)(scope, receive, send)
                return

        async def lead_back(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                base = headers.get("location", "")
                if base.startswith("/") and base.endswith("/") and "?" not in base:
                    headers["location"] = f"{base}donnees"
            await send(message)

        is_sign_in = scope["type"] == "http" and path.endswith(_SIGN_IN)
        await self.app(scope, receive, lead_back if is_sign_in else send)
