"""A shopper's browser with scripts on: follows the pages' own forms until one leads to the merchant."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin
from urllib.request import Request, urlopen

PASSWORD = {"otp": "123456"}  # what the shopper types where the bank's page asks for it


class _Form(HTMLParser):
    """The first form of a page: where it leads, how, and its fields."""

    def __init__(self, html):
        super().__init__()
        self.action, self.method, self.fields, self._state = "", "get", {}, "before"
        self.feed(html)
        if self._state == "before":
            raise AssertionError(f"a page without a form: {html[:300]}")

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form" and self._state == "before":
            self._state = "in"
            self.action = attributes.get("action") or ""
            self.method = (attributes.get("method") or "get").lower()
        elif self._state == "in" and tag in ("input", "button"):
            name, kind = attributes.get("name"), attributes.get("type")
            unchecked = kind in ("radio", "checkbox") and "checked" not in attributes
            if name and name not in self.fields and not unchecked:  # of several buttons the first is pressed
                self.fields[name] = attributes.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form" and self._state == "in":
            self._state = "after"


def open_page(address, data=None):
    with urlopen(Request(address, data, {"Accept": "text/html"})) as answer:
        return answer.read().decode(), answer.url


def to_merchant(page, callback, fill=None):
    """From a page to the fields that reach `callback`. `fill` is typed into fields of these names, and the password."""
    for _ in range(8):
        html, address = page
        form = _Form(html)
        form.fields.update({name: value for name, value in {**PASSWORD, **(fill or {})}.items() if name in form.fields})
        action = urljoin(address, form.action)
        if action.startswith(callback):
            return dict(parse_qsl(urlencode(form.fields), keep_blank_values=True))
        body = urlencode(form.fields)
        if form.method == "post":
            page = open_page(action, body.encode())
        else:
            page = open_page(f"{action}{'&' if '?' in action else '?'}{body}")
    raise AssertionError("eight pages, and none leads to the merchant")
