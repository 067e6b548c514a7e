"""A mockpos that this process starts, or one that runs already."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import threading
import unicodedata
import uuid
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

from ._errors import MockposError
from ._sandbox import Sandbox


class Server(Sandbox):
    """mockpos, and its default sandbox. As a context manager it stops at the end."""

    def __init__(
        self,
        url: str,
        *,
        token: Optional[str] = None,
        process: Optional[subprocess.Popen[str]] = None,
    ) -> None:
        super().__init__("default", url, token)
        self._process = process

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def sandbox(self, name: Optional[str] = None) -> Sandbox:
        """A sandbox that has just begun.

        The same name is the same sandbox, begun anew; without one it is a new one.
        """
        sandbox = self.peek(name or f"test-{str(uuid.uuid4())[:13]}")
        sandbox.reset(scenario="first")
        return sandbox

    def peek(self, name: str) -> Sandbox:
        """The sandbox of that name, as it is."""
        plain = sandbox_name(name)
        return Sandbox(plain, f"{self.url}/~{plain}", self._token)

    def stop(self) -> None:
        """Ends the process that `start` began; one that was attached to goes on."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def sandbox_name(text: str) -> str:
    """A name for a sandbox from any text: the same text, the same name; other texts, other names."""
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text):
        return text
    plain = unicodedata.normalize("NFKD", text)
    plain = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:48]
    return f"{plain or 'test'}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def start(
    *,
    binary: Optional[str] = None,
    scenario: Union[str, Sequence[str]] = (),
    port: int = 0,
    clock: Optional[str] = None,
    seed: Optional[int] = None,
    token: Optional[str] = None,
    args: Sequence[str] = (),
) -> Server:
    """Starts the program on a free port, and waits until it answers. It ends with this process.

    `binary`: else MOCKPOS_BIN, else `mockpos` on the PATH. `scenario`: TOML text, or a file, or a shipped scenario's name;
    of several the later goes over the earlier.
    """
    program = binary or os.environ.get("MOCKPOS_BIN") or "mockpos"
    flags, env = _command(scenario, clock=clock, seed=seed, token=token)
    command = [program, "serve", "--listen", f"127.0.0.1:{port}", "--quiet", "--log-format", "json", "--while-stdin"]
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(
            [*command, *flags, *args],
            env={**os.environ, **env},
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
            encoding="utf-8",
        )
    except OSError as error:
        hint = "give `binary`, set MOCKPOS_BIN, or put mockpos on the PATH"
        raise MockposError(f"cannot start `{program}`: {error}", hint=hint) from error
    log = _Log(process)
    line = process.stdout.readline() if process.stdout else ""
    try:
        url = json.loads(line)["url"]
    except (ValueError, KeyError):
        code = process.wait()
        raise MockposError(f"mockpos ended with {code} before it was ready\n{log.text()}") from None
    return Server(url, token=token, process=process)


class _Log:
    """Reads what the program has to say, so that it never waits for a reader; keeps the last lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: List[str] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        if self._process.stderr is None:
            return
        with self._process.stderr as log:
            for line in log:
                self._lines = [*self._lines[-99:], line]

    def text(self) -> str:
        self._thread.join()
        return "".join(self._lines).strip()


def _command(
    scenario: Union[str, Sequence[str]],
    *,
    clock: Optional[str],
    seed: Optional[int],
    token: Optional[str],
) -> Tuple[List[str], Dict[str, str]]:
    flags: List[str] = []
    env: Dict[str, str] = {}
    for one in [scenario] if isinstance(scenario, str) else scenario:
        if not re.search(r"[=\[#\n]", one):
            flags += ["--scenario", one]
        elif "MOCKPOS_SCENARIO_INLINE" in env:
            hint = "join the texts, or write one to a file"
            raise MockposError("only one scenario can be given as text", hint=hint)
        else:
            env["MOCKPOS_SCENARIO_INLINE"] = one
    if clock is not None:
        flags += ["--clock", clock]
    if seed is not None:
        flags += ["--seed", str(seed)]
    if token is not None:
        env["MOCKPOS_ADMIN_TOKEN"] = token
    return flags, env


def attach(url: Optional[str] = None, *, token: Optional[str] = None) -> Server:
    """One that runs already; without an address, that of MOCKPOS_URL, which `mockpos run` sets."""
    url = url or os.environ.get("MOCKPOS_URL")
    if not url:
        hint = "give its address, or run the tests by `mockpos run -- COMMAND`"
        raise MockposError("where is mockpos?", hint=hint)
    server = Server(url.rstrip("/"), token=token or os.environ.get("MOCKPOS_ADMIN_TOKEN"))
    server.ask("GET", "health")
    return server
