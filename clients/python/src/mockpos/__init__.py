"""Starts mockpos, or attaches to one, and gives each test a sandbox of its own."""

from ._challenge import Challenge
from ._errors import MockposError, VerificationError
from ._sandbox import Clock, Sandbox, Webhooks
from ._server import Server, attach, start

__all__ = [
    "Challenge",
    "Clock",
    "MockposError",
    "Sandbox",
    "Server",
    "VerificationError",
    "Webhooks",
    "attach",
    "start",
]
__version__ = "0.1.0"
