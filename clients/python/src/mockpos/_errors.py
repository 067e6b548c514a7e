"""What goes wrong, in the words of whoever said it."""

from __future__ import annotations

from typing import Any, Dict, Optional


class MockposError(Exception):
    """mockpos refused, could not be reached, or did not start."""

    def __init__(
        self,
        message: str,
        *,
        status: Optional[int] = None,
        hint: Optional[str] = None,
        body: Any = None,
    ) -> None:
        super().__init__(f"{message}\nhint: {hint}" if hint else message)
        self.status = status
        self.hint = hint
        self.body = body


class VerificationError(MockposError, AssertionError):
    """What was expected did not happen; `report` has all that was found."""

    def __init__(self, message: str, report: Dict[str, Any]) -> None:
        super().__init__(message, status=409, body=report)
        self.report = report
