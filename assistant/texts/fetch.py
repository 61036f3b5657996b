"""Downloads official texts from their publishers, politely and only when asked.

One connection, a pause between requests, retries with growing waits, resumption of a broken download, no
redirect to another host, a limit on size. What arrives is only trusted after the library has read it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from assistant.law.text_source import TextSource
from assistant.types import AssistantError
from assistant.version import __version__

Progress = Callable[[int, int], None]
_REDIRECTS = 5
_RETRIED = (429, 500, 502, 503, 504)
_FORBIDDEN = (401, 403)
_ENDINGS = {
    "official_journal": ".xhtml", "eu_consolidated": ".xhtml", "japanese_law_xml": ".xml",
    "japanese_statute_markdown": ".md", "pdf": ".pdf", "plain_text": ".txt",
}  # fmt: skip


class FetchError(AssistantError):
    """A text could not be downloaded; the message says why and what to do."""


class _InterruptedError(Exception):
    """The publisher failed in a way that may pass."""


@dataclass
class Fetcher:
    """Downloads one file after another.

    ``mirrors`` replaces the beginning of an address (for a proxy or a test); ``pause``, ``timeout`` (of one answer) and
    ``longest`` (of one download) are seconds, ``max_bytes`` the largest file accepted.
    """

    pause: float = 1.0
    timeout: float = 60.0
    longest: float = 900.0
    attempts: int = 4
    max_bytes: int = 100 << 20
    mirrors: dict[str, str] = field(default_factory=dict)
    _last: float = 0.0

    def fetch(self, source: TextSource, folder: Path, progress: Progress | None = None) -> tuple[Path, str]:
        """Download a text into ``folder``; return the file and the address it came from.

        A part left by an interrupted download is continued.

        Raises:
            FetchError: there is no direct address, or the publisher did not deliver.
        """
        if source.request is None:
            raise FetchError(
                f"{source.id} has no direct download address. Open the document's page, save the file as "
                f"'{source.files[0]}' and run 'sources import'."
            )
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{source.id.replace('@', '_')}{_ENDINGS[source.format]}.part"
        url = self._address(str(source.request.url))
        headers = {"User-Agent": f"governance-assistant/{__version__}"}
        headers |= {"Accept": source.request.accept} if source.request.accept else {}
        headers |= {"Accept-Language": source.request.accept_language} if source.request.accept_language else {}
        retrying = Retrying(
            stop=stop_after_attempt(self.attempts),
            wait=wait_exponential(multiplier=self.pause, max=30),
            retry=retry_if_exception_type(_InterruptedError),
        )
        try:
            retrying(self._download, url, headers, part, progress or (lambda done, total: None))
        except RetryError as error:
            reason = error.last_attempt.exception()
            raise FetchError(f"{source.id}: {reason}. Try again later; what has arrived is kept and continued.") from error
        except FetchError as error:
            part.unlink(missing_ok=True)
            raise FetchError(f"{source.id}: {error}") from error
        done = part.with_suffix("")
        part.replace(done)
        return done, url

    def _address(self, url: str) -> str:
        for begin, other in self.mirrors.items():
            if url.startswith(begin):
                return other + url.removeprefix(begin)
        return url

    def _download(self, url: str, headers: dict[str, str], part: Path, progress: Progress) -> None:
        have = part.stat().st_size if part.exists() else 0
        sent = headers | ({"Range": f"bytes={have}-"} if have else {})
        try:
            with httpx.Client(timeout=self.timeout) as client:
                self._wait()
                with contextlib.closing(self._open(client, url, sent)) as response:
                    self._write(response, part, have, progress)
        except httpx.TimeoutException as error:
            raise _InterruptedError(f"the publisher did not answer within {self.timeout:g} seconds") from error
        except httpx.TransportError as error:
            raise _InterruptedError(f"the connection failed ({error})") from error

    def _wait(self) -> None:
        time.sleep(max(0.0, self._last + self.pause - time.monotonic()))
        self._last = time.monotonic()

    def _open(self, client: httpx.Client, url: str, headers: dict[str, str]) -> httpx.Response:
        """Follow redirects on the same host; the Publications Office answers with several."""
        host = urlsplit(url).netloc
        for _ in range(_REDIRECTS):
            response = client.send(client.build_request("GET", url, headers=headers), stream=True)
            if not response.has_redirect_location:
                return response
            target = response.url.join(response.headers["location"])
            response.close()
            if target.netloc.decode() != host:
                raise FetchError(f"the publisher redirects to another host ({target.host}); nothing was downloaded")
            url = str(target)
        raise FetchError("the publisher redirects in a circle")

    def _write(self, response: httpx.Response, part: Path, have: int, progress: Progress) -> None:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()
            raise _InterruptedError("the part that was kept does not fit what the publisher has now")
        if response.status_code in _RETRIED:
            raise _InterruptedError(f"the publisher is busy (status {response.status_code})")
        if response.status_code in _FORBIDDEN:
            raise FetchError(f"the publisher refuses the download (status {response.status_code}); save the file and import it")
        if response.is_error:
            raise FetchError(f"the publisher does not have it at this address (status {response.status_code})")
        continued = response.status_code == httpx.codes.PARTIAL_CONTENT
        arrived = have if continued else 0
        total = arrived + int(response.headers.get("content-length", 0))
        if total > self.max_bytes:
            raise FetchError(f"the file has {total >> 20} MiB; the limit is {self.max_bytes >> 20} MiB")
        end = time.monotonic() + self.longest
        with part.open("ab" if continued else "wb") as stream:
            for chunk in response.iter_bytes():
                if time.monotonic() > end:
                    raise _InterruptedError(f"the download took longer than {self.longest:g} seconds")
                stream.write(chunk)
                arrived += len(chunk)
                progress(arrived, max(total, arrived))
                if arrived > self.max_bytes:
                    raise FetchError(f"the file is larger than the limit of {self.max_bytes >> 20} MiB")
