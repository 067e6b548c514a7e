"""Fixtures for pytest: `mockpos_server` for the session, `mockpos` for each test."""

from __future__ import annotations

import os
from typing import Any, Dict, Iterator

import pytest

from . import Sandbox, Server, attach, start


def pytest_addoption(parser: pytest.Parser) -> None:
    """`mockpos_scenario` and `mockpos_clock` in the ini file are what the server starts with."""
    parser.addini("mockpos_scenario", "scenario that mockpos starts with: a file, or a shipped one's name")
    parser.addini("mockpos_clock", "how mockpos tells the time: real, frozen:MOMENT, shifted:SPAN")


@pytest.fixture(scope="session")
def mockpos_options(pytestconfig: pytest.Config) -> Dict[str, Any]:
    """What `mockpos_server` starts with: override it to say more, such as `binary` or `seed`."""
    ini = {"scenario": pytestconfig.getini("mockpos_scenario"), "clock": pytestconfig.getini("mockpos_clock")}
    return {key: value for key, value in ini.items() if value}


@pytest.fixture(scope="session")
def mockpos_server(mockpos_options: Dict[str, Any]) -> Iterator[Server]:
    """mockpos: the one of MOCKPOS_URL, else one that is started for the session, or for each worker of it."""
    server = attach() if os.environ.get("MOCKPOS_URL") else start(**mockpos_options)
    with server:
        yield server


@pytest.fixture
def mockpos(mockpos_server: Server, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox for this test, named after it, so that its ids are the same in every run.

    When the test is over, what was expected must have happened, and its payments must add up.
    """
    sandbox = mockpos_server.sandbox(request.node.nodeid)
    yield sandbox
    sandbox.verify()
