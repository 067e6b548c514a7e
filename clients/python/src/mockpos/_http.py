"""One HTTP call, without proxies, redirects or exceptions for statuses."""

from __future__ import annotations

import http.client
import json
from typing import Any, Mapping, NamedTuple, Optional
from urllib.parse import urlsplit

from ._errors import MockposError


class Answer(NamedTuple):
    """An answer, whatever it is."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    def json(self) -> Any:
        """Its JSON, or None."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


def send(
    method: str,
    url: str,
    *,
    headers: Optional[Mapping[str, str]] = None,
    body: Optional[str] = None,
    timeout: float = 150,
) -> Answer:
    """Sends it, and reads the answer."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    connection_class = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connection_class(parts.hostname or "", parts.port, timeout=timeout)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        data = None if body is None else body.encode()
        connection.request(method, target, body=data, headers=dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException) as error:
        raise MockposError(f"{method} {url}: {error!r}") from error
    finally:
        connection.close()
