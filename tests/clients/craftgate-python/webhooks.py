"""A merchant's server that hears of things by itself, and believes what the SDK's own check believes."""

import json
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Empty, Queue
from threading import Thread
from urllib.request import Request, urlopen

from browser import open_page, to_merchant
from craftgate.model.webhook_data import WebhookData
from craftgate.request import (
    CompleteThreeDSPaymentRequest, CreatePaymentRequest, InitCheckoutPaymentRequest, InitThreeDSPaymentRequest,
    RefundPaymentTransactionRequest,
)
from record import client
from story import CALLBACK, WEBHOOK_KEY, YKB, card_order, html, order

TURKEY = timezone(timedelta(hours=3))


class Receiver:
    """What arrives, one after the other; each is answered 200."""

    def __init__(self):
        told = self._told = Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                told.put((self.path, self.headers["x-cg-signature-v1"], json.loads(body)))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.home = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def next(self):
        try:
            return self._told.get(timeout=30)
        except Empty:
            raise AssertionError("no webhook came") from None

    def quiet(self):
        return self._told.empty()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Webhooks:
    def __init__(self, base, receiver):
        self.sandbox, self.receiver = f"{base}/~webhooks-python", receiver
        self.cg = client(self.sandbox)

    def admin(self, method, path, body=None, kind="application/json"):
        headers = {"content-type": kind} if body else {}
        request = Request(f"{self.sandbox}/__mockpos/{path}", body and body.encode(), headers, method=method)
        with urlopen(request) as answer:
            return json.loads(answer.read())

    def play(self, rules=""):
        scenario = f'version = 1\n[[merchant]]\nwebhook_url = "{self.receiver.home}/hook"\n{rules}'
        self.admin("PUT", "scenario", scenario, "application/toml")

    def verified(self, signature, data, **wrong):
        said = {**data, **wrong}
        event = WebhookData(event_type=said["eventType"], event_timestamp=said["eventTimestamp"],
                            status=said["status"], payload_id=said["payloadId"])
        return self.cg.hook().is_webhook_verified(WEBHOOK_KEY, signature, event)

    def heard(self, event, payload):
        path, signature, data = self.receiver.next()
        assert (path, data["eventType"], data["payloadId"]) == ("/hook", event, str(payload)), data
        assert data["status"] == "SUCCESS" and signature, data
        at = datetime.fromisoformat(data["eventTime"]).replace(tzinfo=TURKEY)
        assert at.timestamp() == data["eventTimestamp"], data
        assert self.verified(signature, data), data
        assert not self.verified(signature, data, payloadId="0")
        assert not self.verified(signature, data, status="FAILURE")

    def pay(self):
        return self.cg.payment().create_payment(CreatePaymentRequest(**card_order()))

    def tell(self):
        payments = self.cg.payment()
        self.play()
        paid = self.pay()
        self.heard("API_AUTH", paid.id)
        refund = payments.refund_payment_transaction(RefundPaymentTransactionRequest(
            payment_transaction_id=paid.payment_transactions[0].id, refund_price=10))
        self.heard("REFUND_TX", refund.id)

        init = payments.init_3ds_payment(InitThreeDSPaymentRequest(callback_url=CALLBACK, **card_order()))
        to_merchant((html(init.html_content), self.sandbox), "http://shop.example/")
        self.heard("THREEDS_VERIFY", init.payment_id)
        payments.complete_3ds_payment(CompleteThreeDSPaymentRequest(payment_id=init.payment_id))
        self.heard("API_AUTH", init.payment_id)

        form = payments.init_checkout_payment(InitCheckoutPaymentRequest(callback_url=CALLBACK, **order()))
        typed = {"cardHolderName": "Haluk Demir", "cardNumber": YKB, "expireYear": "2044", "expireMonth": "07", "cvc": "000"}
        to_merchant(open_page(form.page_url), "http://shop.example/", typed)
        self.heard("CHECKOUTFORM_AUTH", form.token)

        self.play("[[rule]]\nthen = { webhook = { bad_signature = true, duplicate = 1 } }")
        self.pay()
        once, again = self.receiver.next(), self.receiver.next()
        assert once == again and not self.verified(*once[1:]), once

        self.play('[[rule]]\nthen = { webhook = { send = "held" } }')
        held = self.pay()
        self.admin("POST", "clock/advance", '{"by":"1h"}')
        assert self.receiver.quiet()
        last = self.admin("GET", "webhooks")["webhooks"][-1]
        assert last["state"] == "held", last
        self.admin("POST", f"webhooks/{last['id']}/release")
        self.heard("API_AUTH", held.id)


def webhooks(base):
    receiver = Receiver()
    try:
        Webhooks(base, receiver).tell()
    finally:
        receiver.close()
