"""A 3-D Secure challenge: what a test may do in the place of the card's holder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Optional

from ._browser import submit
from ._errors import MockposError
from ._http import Answer

if TYPE_CHECKING:
    from ._sandbox import Sandbox


class Challenge:
    """One challenge; which one is asked for when something is done to it."""

    def __init__(self, sandbox: Sandbox, which: Optional[str], filters: Dict[str, Any]) -> None:
        self._sandbox = sandbox
        self._which = which
        self._filters = filters

    def read(self) -> Dict[str, Any]:
        """As it stands."""
        return self._sandbox.ask("GET", f"challenges/{self._id()}")

    def finish(
        self,
        outcome: Optional[str] = None,
        *,
        md_status: Optional[int] = None,
        otp: Optional[str] = None,
        return_url: Optional[str] = None,
    ) -> Dict[str, Any]:
        """Ends it as its holder would: by an outcome, or by a code."""
        body = {"outcome": outcome, "md_status": md_status, "otp": otp, "return_url": return_url}
        given = {key: value for key, value in body.items() if value is not None}
        return self._sandbox.ask("POST", f"challenges/{self._id()}", json=given)

    def bring_back(self, outcome: Optional[str] = None, **how: Any) -> Answer:
        """Ends it, goes back to the shop as the browser would, and gives the shop's answer.

        Without an outcome or a code it has ended before.
        """
        ended = self.finish(outcome, **how) if outcome or how else self.read()
        back = ended["return"]
        if not back:
            raise MockposError(
                f"challenge {ended['id']}: the browser brings nothing back",
                hint="it is open, or nobody has said where to, or the outcome is that nobody comes back",
                body=ended,
            )
        return submit(back["url"], back["fields"], self._sandbox.url)

    def _id(self) -> str:
        if self._which is not None:
            return self._which
        found = self._sandbox.challenges(**{"status": "open", **self._filters})
        if len(found) == 1:
            return str(found[0]["id"])
        ids = ", ".join(f"{it['id']} (order {it['order_no']}, {it['amount']})" for it in found)
        raise MockposError(
            f"there are {len(found)} such challenges: {ids}" if found else "there is no such challenge",
            hint="name one by its id, or by `order_no`; `challenges()` lists all",
            body=found,
        )
