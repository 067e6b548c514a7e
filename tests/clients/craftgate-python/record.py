"""Notes what became of every method of the SDK, and of every chapter of the story."""

import inspect
import traceback
import typing
from datetime import datetime
from decimal import Decimal
from enum import Enum

from craftgate import Craftgate
from craftgate.exception import CraftgateException

NOT_MOCKED = "says that it is not mocked (501)"


class Record:
    def __init__(self):
        self.chapters = []
        self._succeeded = set()
        self._not_mocked = {}

    def watch(self, client):
        """The client, each of whose calls is noted when it succeeds."""
        return _Watched(self._succeeded, client)

    def chapter(self, title, tell):
        try:
            tell()
            why = ""
        except Exception as error:
            why = describe(error)
        self.chapters.append((title, why))
        print(f"FAILED  {title}\n        {why}" if why else f"ok      {title}", flush=True)

    def not_mocked(self, name, call):
        try:
            call()
            why = "it succeeded"
        except CraftgateException as error:
            why = "" if error.error_code == "501" else describe(error)
        except Exception as error:
            why = f"no error of the SDK: {describe(error)}"
        self._not_mocked[name] = why

    def result(self, name):
        """What became of a method: the text of the table, and whether that is as it should be."""
        if name in self._not_mocked:
            why = self._not_mocked[name]
            return (f"FAILED: {why}", False) if why else (NOT_MOCKED, True)
        return ("works", True) if name in self._succeeded else ("FAILED: never succeeded", False)


class _Watched:
    def __init__(self, succeeded, client):
        self._succeeded, self._client = succeeded, client

    def __getattr__(self, name):
        return lambda: _Adapter(self._succeeded, name, getattr(self._client, name)())


class _Adapter:
    def __init__(self, succeeded, name, adapter):
        self._succeeded, self._name, self._adapter = succeeded, name, adapter

    def __getattr__(self, method):
        def call(*args, **kwargs):
            result = getattr(self._adapter, method)(*args, **kwargs)
            self._succeeded.add(f"{self._name}().{method}")
            return result

        return call


def describe(error):
    if isinstance(error, CraftgateException) and error.cause is None:
        return f"{error.error_code} {error.error_group} {error.error_description}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith("story.py")]
    place = f" (story.py:{frames[-1].lineno} `{frames[-1].line}`)" if frames else ""
    return f"{type(error).__name__} {error}{place}".replace("\n", " ")


def refused(call, code=None, group="Unknown"):
    """The SDK's error, whose code and group are these. The SDK says `Unknown` when there is no group."""
    try:
        result = call()
    except CraftgateException as error:
        assert code is None or error.error_code == code, describe(error)
        assert error.error_group == group, describe(error)
        assert error.error_description
        return error
    raise AssertionError(f"it succeeded: {result}")


def methods_of(client):
    """Every public method of every adapter, by name: `payment().create_payment`."""
    adapters = [name for name, _ in inspect.getmembers(type(client), inspect.isfunction) if not name.startswith("_")]
    for adapter in sorted(adapters):
        for method, function in inspect.getmembers(getattr(client, adapter)(), inspect.ismethod):
            if not method.startswith("_"):
                yield f"{adapter}().{method}", function


def arguments(function):
    """For a method: arguments of the right types."""
    hints = typing.get_type_hints(function)
    return [_example(hints[name]) for name, it in inspect.signature(function).parameters.items() if it.default is it.empty]


def _example(hint):
    hint = next((it for it in typing.get_args(hint) if it is not type(None)), hint) if _optional(hint) else hint
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    simple = {int: 1, str: "x", bool: False, Decimal: Decimal("1"), datetime: datetime(2026, 1, 2, 3, 4, 5)}
    if hint in simple:
        return simple[hint]
    if isinstance(hint, type) and hint.__module__.startswith("craftgate.request."):
        hints = typing.get_type_hints(hint.__init__)
        names = [name for name in inspect.signature(hint).parameters if name in hints]
        return hint(**{name: value for name in names if (value := _example(hints[name])) is not None})
    return None


def _optional(hint):
    return typing.get_origin(hint) is typing.Union


def client(base, **more):
    return Craftgate({"api_key": "api-key", "secret_key": "secret-key", "base_url": base, **more})
