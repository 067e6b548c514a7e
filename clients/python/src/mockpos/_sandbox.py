"""A sandbox: a world of its own, with its own state, scenario, time and journal."""

from __future__ import annotations

import json as _json
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Mapping, Optional, Union
from urllib.parse import urlencode

from ._challenge import Challenge
from ._errors import MockposError, VerificationError
from ._http import Answer, send

#: A span of time: `15m`, `500ms`, `2h`, or a timedelta.
Span = Union[str, timedelta]
#: A moment: RFC 3339, or a datetime with a time zone.
Moment = Union[str, datetime]
Json = Dict[str, Any]


def _span(given: Span) -> str:
    if isinstance(given, timedelta):
        return f"{given // timedelta(milliseconds=1)}ms"
    return given


def _moment(given: Moment) -> str:
    if not isinstance(given, datetime):
        return given
    if given.tzinfo is None:
        raise MockposError("which time zone?", hint="give the datetime one, as in `tzinfo=timezone.utc`")
    return given.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def _known(given: Mapping[str, Any]) -> Json:
    return {key: value for key, value in given.items() if value is not None}


class Clock:
    """The sandbox's time."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._ask = sandbox.ask

    def read(self) -> Json:
        """What it shows."""
        return self._ask("GET", "clock")

    def freeze(self, at: Optional[Moment] = None) -> Json:
        """Stops the time, at a moment if one is given."""
        body: Json = {"freeze": True}
        if at is not None:
            body["now"] = _moment(at)
        return self._ask("PUT", "clock", json=body)

    def unfreeze(self) -> Json:
        """Lets it go on."""
        return self._ask("PUT", "clock", json={"freeze": False})

    def set(self, moment: Moment) -> Json:
        """Another time."""
        return self._ask("PUT", "clock", json={"now": _moment(moment)})

    def advance(self, by: Span) -> Json:
        """Moves the time on; what falls due happens, in order, before this returns."""
        return self._ask("POST", "clock/advance", json={"by": _span(by)})


class Webhooks:
    """What merchants are told without asking."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._ask = sandbox.ask

    def list(self) -> List[Json]:
        """Each delivery, oldest first."""
        return self._ask("GET", "webhooks")["webhooks"]

    def drain(self, *, all: bool = False) -> Json:
        """Sends what is due; with `all` until nothing is left, time passing as it must."""
        return self._ask("POST", "webhooks/drain", json={"all": all})

    def redeliver(self, webhook: Union[int, Json]) -> Json:
        """Sends one, however it stands."""
        return self._ask("POST", f"webhooks/{_id(webhook)}/redeliver")

    def release(self, webhook: Union[int, Json]) -> Json:
        """Sends one that was held."""
        return self._ask("POST", f"webhooks/{_id(webhook)}/release")


def _id(webhook: Union[int, Json]) -> Any:
    return webhook["id"] if isinstance(webhook, dict) else webhook


class Sandbox:
    """A world of its own. `url` is what the code under test gets for the vendors' addresses."""

    def __init__(self, name: str, url: str, token: Optional[str] = None) -> None:
        self.name = name
        self.url = url
        self.clock = Clock(self)
        self.webhooks = Webhooks(self)
        self._token = token
        self._expectations: List[Json] = []

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.url}>"

    def scenario(self) -> str:
        """The scenario that is playing, as TOML."""
        return self._well("GET", "scenario").text

    def set_scenario(self, toml: str, *, name: Optional[str] = None) -> Json:
        """Plays this scenario from the next call on; `name` is what `decided_by` calls it."""
        return self.ask("PUT", "scenario", toml=toml, query=_known({"name": name}))

    def reset(self, *, scenario: Optional[str] = None) -> Json:
        """Begins anew, and forgets what was expected.

        The scenario that is playing stays, unless `scenario="first"` brings back the one of the start.
        """
        self._expectations = []
        return self.ask("POST", "reset", query=_known({"scenario": scenario}))

    def challenges(self, **filters: Any) -> List[Json]:
        """The 3-D Secure challenges, oldest first; by `status`, `order_no`, `limit`."""
        return self.ask("GET", "challenges", query=_known(filters))["challenges"]

    def challenge(self, which: Optional[str] = None, **filters: Any) -> Challenge:
        """One challenge: by its id, by filters, or the only one that is open."""
        return Challenge(self, which, filters)

    def journal(self, **filters: Any) -> List[Json]:
        """The calls that came, oldest first.

        Patterns: `kind` (`call`, or `time` for what expired or fell due), `endpoint`, `page`, `method`, `path`, `msisdn`,
        `bin`, `order_no`, `decided_by`; numbers: `status`, `since`, `before`, `limit`.
        """
        return self.ask("GET", "journal", query=_known(filters))["entries"]

    def wait_for_calls(self, n: int = 1, *, timeout: Span = "10s", **filters: Any) -> List[Json]:
        """The calls that fit, once there are `n` of them."""
        asked = _known(filters)
        answer = self.send("GET", "journal", query={**asked, "wait": n, "timeout": _span(timeout)})
        if answer.status == 200:
            return answer.json()["entries"]
        if answer.status != 408:
            raise _refused("GET", "journal", answer)
        entries = answer.json()["entries"]
        came = "".join(f"\n  {it['n']} {it['method']} {it['target']}: {it['status']}" for it in entries)
        which = ", ".join(f"{key}={value}" for key, value in asked.items()) or "anything"
        calls, were = "call" if n == 1 else "calls", "was" if len(entries) == 1 else "were"
        raise MockposError(
            f"waited {_span(timeout)} for {n} {calls} with {which}; there {were} {len(entries)}{came}",
            status=408,
            hint="`journal()` shows what came instead",
            body=entries,
        )

    def expect(self, **expectation: Any) -> Sandbox:
        """Something that must have happened when `verify` is called; the keys of `[[expect]]`."""
        self._expectations.append(_known(expectation))
        return self

    def verify(self, *, strict: Optional[bool] = None, ledger: Optional[bool] = None) -> Json:
        """Raises when something expected did not happen, or a payment does not add up."""
        body: Json = {}
        if self._expectations:
            body["expect"] = self._expectations
        verify = _known({"strict": strict, "ledger": ledger})
        if verify:
            body["verify"] = verify
        answer = self.send("POST", "verify", json=body)
        if answer.status == 200:
            return answer.json()
        if answer.status != 409:
            raise _refused("POST", "verify", answer)
        told = self.send("POST", "verify", json=body, query={"format": "text"})
        raise VerificationError(told.text.rstrip(), answer.json())

    def explain(self, call: Union[int, Json]) -> Json:
        """Why a call got its answer."""
        number = call["n"] if isinstance(call, dict) else call
        return self.ask("GET", "explain", query={"journal": number})

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """Any call under `/__mockpos/`: the JSON of its answer."""
        return self._well(method, path, **options).json()

    def send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        toml: Optional[str] = None,
        query: Optional[Mapping[str, Any]] = None,
    ) -> Answer:
        """The same, with whatever it is answered."""
        headers = {"x-mockpos-token": self._token} if self._token else {}
        body = toml
        if toml is not None:
            headers["content-type"] = "application/toml"
        elif json is not None:
            headers["content-type"] = "application/json"
            body = _json.dumps(json)
        asked = f"?{urlencode(query)}" if query else ""
        return send(method, f"{self.url}/__mockpos/{path}{asked}", headers=headers, body=body)

    def _well(self, method: str, path: str, **options: Any) -> Answer:
        answer = self.send(method, path, **options)
        if answer.status >= 400:
            raise _refused(method, path, answer)
        return answer


def _refused(method: str, path: str, answer: Answer) -> MockposError:
    body = answer.json()
    said = body if isinstance(body, dict) else {}
    words = said.get("error") or answer.text[:500] or "no words"
    message = f"{method} /__mockpos/{path} ({answer.status}): {words}"
    return MockposError(message, status=answer.status, hint=said.get("hint"), body=body or answer.text)
