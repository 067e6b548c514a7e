"""As much of a browser as lies between the bank's page and the shop: redirects, and pages that submit themselves."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Dict, List, Mapping, Optional, Tuple
from urllib.parse import urlencode, urljoin, urlsplit

from ._http import Answer, send

_HOPS = 6


class _OwnForm(HTMLParser):
    """The first form of a page, and whether the page submits it by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.action: Optional[str] = None
        self.fields: Dict[str, str] = {}
        self.submits = False

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = given.get("action", "")
        elif tag == "input" and "name" in given:
            self.fields[given["name"]] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        self.submits = self.submits or ".submit()" in data


def _post(url: str, fields: Mapping[str, str]) -> Answer:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return send("POST", url, headers=headers, body=urlencode(fields))


def _origin(url: str) -> Tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def submit(url: str, fields: Mapping[str, str], home: str) -> Answer:
    """Posts a form, and goes on until somebody else than mockpos answers: that is the shop."""
    answer = _post(url, fields)
    for _ in range(_HOPS):
        if _origin(url) != _origin(home):
            break
        location = answer.headers.get("location")
        if location:
            url = urljoin(url, location)
            answer = send("GET", url)
            continue
        form = _OwnForm()
        form.feed(answer.text)
        if not form.submits or form.action is None:
            break
        url = urljoin(url, form.action)
        answer = _post(url, form.fields)
    return answer
