"""What the tests share: a shop that listens, and calls to the gateway without signatures."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, Iterator, List, Tuple

import pytest

import mockpos
from mockpos._http import Answer, send

pytest_plugins = ["pytester"]

UNSIGNED = 'version = 1\n[craftgate]\nsignature = "off"\n'
CARD = {"cardHolderName": "Deneme", "cardNumber": "5258640000000001", "expireYear": "2044", "expireMonth": "07", "cvc": "000"}


class Gateway:
    """The gateway as a merchant's backend calls it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, path: str, **more: Any) -> Answer:
        import json

        order = {"price": 100, "paidPrice": 100, "installment": 1, "currency": "TRY", "items": [{"price": 100}]}
        body = json.dumps({**order, "card": CARD, **more})
        headers = {"content-type": "application/json", "x-api-key": "api-key", "x-rnd-key": "1", "x-auth-version": "1"}
        return send("POST", f"{self.url}/payment/v1/card-payments{path}", headers=headers, body=body)


class Shop:
    """Where callbacks and webhooks arrive, in the order in which they came."""

    def __init__(self) -> None:
        shop = self
        self.heard: List[Tuple[str, Dict[str, str], str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                shop.heard.append((self.path, dict(self.headers), body))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"thanks")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="session")
def mockpos_options() -> Dict[str, Any]:
    return {"clock": "frozen:2026-01-02T03:04:05Z", "scenario": UNSIGNED}


@pytest.fixture
def gateway(mockpos: mockpos.Sandbox) -> Gateway:
    return Gateway(mockpos.url)


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    yield shop
    shop.close()
