"""Ask a public web service within a time, a size and a rate, and say in French what went wrong."""

import email.utils
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import stamina

from esscarto import __version__
from esscarto.errors import DataError
from esscarto.french import clean, number
from esscarto.storage.pace import shared_pace
from esscarto.storage.service_fault import AGAIN, Fault, ServiceError

# Without a handler of its own, the library would write its English notes on the terminal.
logging.getLogger("stamina").addHandler(logging.NullHandler())

USER_AGENT = f"esscarto/{__version__}"
REDIRECTS = (301, 302, 303, 307, 308)
MOST_SAID = 200
"""Characters of the message of a service that are repeated to the user."""

Answer = TypeVar("Answer")
Parameters = Mapping[str, str | int | bool]


@dataclass(frozen=True)
class Limits:
    """What a call may cost.

    Parameters
    ----------
    deadline_s : float
        Seconds by the clock on the wall for the whole call: every try, every wait, the last byte.
    max_bytes : int
        Size of an answer.
    attempts : int
        Tries of a call that fails in a way that may pass.
    per_second : float
        Calls a second, shared by everything in this program that asks the same host.
    max_redirects : int
        Addresses to be sent to, one after the other, on the same host.
    backoff_s : float
        Seconds before the second try; more before each of the next.
    """

    deadline_s: float = 20.0
    max_bytes: int = 8 * 2**20
    attempts: int = 3
    per_second: float = 7.0
    max_redirects: int = 3
    backoff_s: float = 0.5


class Service:
    """One public web service.

    Every call runs in a thread of its own, so that the caller is back when the deadline has passed,
    whatever the network does: a time limit of a socket is counted for each byte, and a service that sends
    one a second never reaches it.

    Parameters
    ----------
    name : str
        In words, with a capital: ``Le géocodeur de la Géoplateforme``.
    base_url : str
        Address that the paths follow.
    limits : Limits
        What a call may cost.

    Raises
    ------
    DataError
        When the address is not one of the web.
    """

    def __init__(self, name: str, base_url: str, limits: Limits | None = None):
        self.name = name
        self.limits = limits or Limits()
        url = _web_address(base_url)
        self._base = str(url).rstrip("/")
        self._pace = shared_pace(f"{url.host}:{url.port}", self.limits.per_second)
        self._client = httpx.Client(
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}, follow_redirects=False
        )

    def __enter__(self) -> "Service":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get_json(self, path: str, parameters: Parameters) -> Any:
        """Ask for a JSON answer.

        Raises
        ------
        ServiceError
            When no such answer came within the limits.
        """
        url = f"{self._base}{path}"
        texts = {
            name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in parameters.items()
        }
        return self._call(lambda: self._client.build_request("GET", url, params=texts), self._read_json)

    def post_csv(self, path: str, fields: Mapping[str, str | Sequence[str]], content: bytes) -> str:
        """Send a CSV file (UTF-8) with the fields of a form, and return the CSV text of the answer.

        Raises
        ------
        ServiceError
            When no such answer came within the limits.
        """
        url = f"{self._base}{path}"
        files = {"data": ("adresses.csv", content, "text/csv; charset=utf-8")}
        return self._call(
            lambda: self._client.build_request("POST", url, data=dict(fields), files=files), self._read_csv
        )

    def error(self, fault: Fault, detail: str = "", wait_s: float | None = None) -> ServiceError:
        """Return a fault of this service, to be raised."""
        return ServiceError(self.name, fault, detail, wait_s)

    def unreadable(self, why: str) -> ServiceError:
        """Return the fault of an answer that does not have its documented form."""
        return self.error(Fault.GARBAGE, f" ({why})")

    # ---- one call

    def _call(self, build: Callable[[], httpx.Request], read: Callable[[httpx.Headers, bytes], Answer]) -> Answer:
        deadline = time.monotonic() + self.limits.deadline_s
        answer: Future[Answer] = Future()

        def work() -> None:
            try:
                answer.set_result(self._try_and_try_again(build, read, deadline))
            except BaseException as error:  # handed over to the caller, which raises it
                answer.set_exception(error)

        # A daemon: the program may end without waiting for a service that does not.
        threading.Thread(target=work, name="esscarto-http", daemon=True).start()
        try:
            return answer.result(timeout=self.limits.deadline_s)
        except TimeoutError as error:
            raise self._too_slow() from error

    def _try_and_try_again(
        self,
        build: Callable[[], httpx.Request],
        read: Callable[[httpx.Headers, bytes], Answer],
        deadline: float,
    ) -> Answer:
        def again(error: Exception) -> bool:
            # The seconds that the service asks for are waited with the turn, which is held for everybody.
            left = deadline - time.monotonic()
            return isinstance(error, ServiceError) and error.fault in AGAIN and (error.wait_s or 0) < left

        for attempt in stamina.retry_context(
            on=again,
            attempts=self.limits.attempts,
            timeout=self.limits.deadline_s,
            wait_initial=self.limits.backoff_s,
            wait_jitter=self.limits.backoff_s,
        ):
            with attempt:
                return read(*self._ask(build(), deadline))
        raise AssertionError("the last attempt either answers or raises")

    def _ask(self, request: httpx.Request, deadline: float) -> tuple[httpx.Headers, bytes]:
        """Send a request and follow where it leads, on the same host only: addresses are not for others."""
        asked = request.url
        for _ in range(self.limits.max_redirects + 1):
            early = self._pace.take(deadline - time.monotonic())
            if early:
                raise self.error(Fault.BUSY, f" et demande d’attendre {number(early)} s", early)
            request.extensions["timeout"] = httpx.Timeout(max(deadline - time.monotonic(), 0.001)).as_dict()
            try:
                response = self._client.send(request, stream=True)
                try:
                    following = response.next_request if response.status_code in REDIRECTS else None
                    if following is None:
                        self._check_status(response)
                        return response.headers, self._body(response, deadline)
                finally:
                    response.close()
            except httpx.TimeoutException as error:
                raise self._too_slow() from error
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                raise self.error(Fault.DOWN) from error
            if (following.url.host, following.url.scheme) not in ((asked.host, asked.scheme), (asked.host, "https")):
                raise self.error(Fault.PORTAL)
            request = following
        raise self.error(Fault.LOOP)

    def _check_status(self, response: httpx.Response) -> None:
        status = response.status_code
        if 200 <= status < 300:
            return
        if status == 511:  # « Network Authentication Required »: what a captive portal should say
            raise self.error(Fault.PORTAL)
        if status in (429, 503):
            wait_s = retry_after(response.headers.get("Retry-After", ""))
            if wait_s is not None:
                self._pace.hold(wait_s)
            asked = f" et demande d’attendre {number(wait_s)} s" if wait_s else ""
            fault = Fault.BUSY if status == 429 else Fault.BROKEN
            raise self.error(fault, asked or f" (code {status})", wait_s)
        if status >= 500:
            raise self.error(Fault.BROKEN, f" (code {status})")
        fault = Fault.ABSENT if status == 404 else Fault.REFUSED
        raise self.error(fault, f" (code {status}{self._what_it_says(response)})")

    def _what_it_says(self, response: httpx.Response) -> str:
        """Return the message that a service gives with its refusal, short and plain, "" when it gives none."""
        if "json" not in response.headers.get("Content-Type", ""):
            return ""
        try:
            said = json.loads(self._body(response, time.monotonic() + 1))
            message = next(str(said[name]) for name in ("erreur", "message", "detail") if said.get(name))
        except (ValueError, AttributeError, TypeError, StopIteration, DataError):
            return ""
        return f" : {clean(message)[:MOST_SAID]}"

    def _body(self, response: httpx.Response, deadline: float) -> bytes:
        content = bytearray()
        announced = response.headers.get("Content-Length", "")
        if announced.isascii() and announced.isdigit() and int(announced) > self.limits.max_bytes:
            raise self._too_big()
        for block in response.iter_bytes():
            content += block
            if len(content) > self.limits.max_bytes:
                raise self._too_big()
            if time.monotonic() > deadline:
                raise self._too_slow()
        return bytes(content)

    def _too_slow(self) -> ServiceError:
        decimals = 0 if self.limits.deadline_s >= 1 else 1
        return self.error(Fault.SLOW, f"{number(self.limits.deadline_s, decimals)} s")

    def _too_big(self) -> ServiceError:
        return self.error(Fault.HUGE, f"{number(self.limits.max_bytes / 2**20)} Mo")

    # ---- what came

    def _text(self, headers: httpx.Headers, content: bytes) -> str:
        if headers.get("Content-Type", "").startswith("text/html") or content.lstrip()[:1] == b"<":
            raise self.error(Fault.PORTAL)
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise self.unreadable("ce n’est pas un texte") from error

    def _read_json(self, headers: httpx.Headers, content: bytes) -> Any:
        text = self._text(headers, content)
        if "json" not in headers.get("Content-Type", ""):
            raise self.unreadable("du JSON était attendu")
        try:
            return json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise self.unreadable("du JSON était attendu") from error

    def _read_csv(self, headers: httpx.Headers, content: bytes) -> str:
        text = self._text(headers, content)
        kind = headers.get("Content-Type", "").partition(";")[0].strip()
        if kind not in ("text/csv", "application/csv", "text/plain", "application/octet-stream"):
            raise self.unreadable("un tableau CSV était attendu")
        return text


def retry_after(header: str) -> float | None:
    """Return the seconds that a header ``Retry-After`` asks to wait, None when it asks nothing.

    It holds seconds or a date (RFC 9110, 10.2.3).
    """
    if header.isascii() and header.strip().isdigit():
        return float(header)
    try:
        return max(email.utils.parsedate_to_datetime(header).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _web_address(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise DataError(f"« {clean(text)[:MOST_SAID]} » n’est pas l’adresse d’un service", remedy="Écrivez https://…")
    return url


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")
