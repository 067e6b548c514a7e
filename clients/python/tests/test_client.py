"""Every word of the client, against the real program."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest
from conftest import UNSIGNED

from mockpos import MockposError, VerificationError, attach, start
from mockpos._server import sandbox_name

CREATE = "craftgate.card_payment.create"


def test_a_scenario_decides_and_the_journal_tells(mockpos, gateway):
    mockpos.set_scenario(f'{UNSIGNED}[[rule]]\nwhen = {{ nth = 1 }}\nthen = {{ decline = "insufficient_funds" }}', name="poor.toml")
    assert gateway.post("").json()["errors"]["errorGroup"] == "NOT_SUFFICIENT_FUNDS"
    assert gateway.post("").status == 200
    calls = mockpos.journal(endpoint=CREATE)
    assert [call["status"] for call in calls] == [422, 200]
    assert calls[0]["decided_by"].startswith("rule poor.toml:")
    assert "poor.toml" in mockpos.explain(calls[0])["because"]
    assert mockpos.explain(calls[1]["n"])["call"]["status"] == 200
    assert "insufficient_funds" in mockpos.scenario()


def test_the_same_name_begins_anew(mockpos_server):
    first = mockpos_server.sandbox("again and again")
    first.set_scenario("version = 1\n")
    first.clock.advance("1h")
    first.expect(endpoint=CREATE)
    second = mockpos_server.sandbox("again and again")
    assert second.url == first.url
    assert second.journal() == []
    assert second.clock.read()["now"].startswith("2026-01-02T03:04:05")
    assert "signature" in second.scenario()
    assert second.verify()["expectations"] == []
    assert mockpos_server.sandbox().url != mockpos_server.sandbox().url


def test_names_of_sandboxes_are_made_of_any_text():
    assert sandbox_name("plain_1-2") == "plain_1-2"
    one, other = sandbox_name("ödeme: 3-D?"), sandbox_name("ödeme: 3-D!")
    assert one != other and one.startswith("o-deme-3-D-")
    assert len(sandbox_name("x" * 500)) <= 64


def test_time_moves_when_it_is_told_to(mockpos):
    assert mockpos.clock.freeze(datetime(2026, 5, 1, 12, tzinfo=timezone.utc))["now"] == "2026-05-01T12:00:00.000000Z"
    assert mockpos.clock.advance(timedelta(minutes=90))["now"] == "2026-05-01T13:30:00.000000Z"
    assert mockpos.clock.set("2026-05-02T00:00:00Z")["frozen"] is True
    assert mockpos.clock.unfreeze()["frozen"] is False
    with pytest.raises(MockposError, match="which time zone"):
        mockpos.clock.set(datetime(2026, 5, 1))


@pytest.mark.parametrize(("how", "status"), [({"outcome": "succeeds"}, "SUCCESS"), ({"otp": "111100"}, "FAILURE")])
def test_a_challenge_is_finished_by_one_call(mockpos, gateway, shop, how, status):
    gateway.post("/3ds-init", callbackUrl=f"{shop.url}/callback")
    assert mockpos.challenge().read()["status"] == "open"
    answer = mockpos.challenge().bring_back(**how)
    assert (answer.status, answer.text) == (200, "thanks")
    [(path, _, body)] = shop.heard
    assert path == "/callback" and f"status={status}" in body
    with pytest.raises(MockposError, match="there is no such challenge\nhint: name one"):
        mockpos.challenge().finish("fails")
    [ended] = mockpos.challenges(status="ended")
    with pytest.raises(MockposError, match="this challenge is over"):
        mockpos.challenge(ended["id"]).finish("fails")


def test_an_unknown_outcome_is_answered_with_the_nearest(mockpos, gateway, shop):
    gateway.post("/3ds-init", callbackUrl=shop.url)
    with pytest.raises(MockposError, match="unknown outcome `sucseeds`\nhint: did you mean `succeeds`") as error:
        mockpos.challenge().finish("sucseeds")
    assert error.value.status == 422


def test_calls_are_waited_for(mockpos, gateway):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(mockpos.wait_for_calls, 2, endpoint=CREATE, timeout="30s")
        gateway.post("")
        gateway.post("")
        assert [call["status"] for call in waiting.result()] == [200, 200]
    with pytest.raises(MockposError, match=r"waited 10ms for 3 calls with endpoint=.*; there were 2\n  1 POST"):
        mockpos.wait_for_calls(3, endpoint=CREATE, timeout="10ms")
    with pytest.raises(MockposError, match="no filter of the journal\nhint: the filters are"):
        mockpos.wait_for_calls(endpont=CREATE)


def test_what_was_expected_is_verified(mockpos_server):
    from conftest import Gateway

    sandbox = mockpos_server.sandbox("verified")
    Gateway(sandbox.url).post("", price=90)
    sandbox.expect(name="paid once", endpoint=CREATE, status=200, count=1)
    with pytest.raises(VerificationError) as error:
        sandbox.verify()
    assert "`paid once`: wanted 1, found 0" in str(error.value)
    assert "nearest: call 1, POST" in str(error.value)
    assert error.value.report["expectations"][0]["found"] == 0
    assert isinstance(error.value, AssertionError)
    Gateway(sandbox.url).post("")
    assert sandbox.verify()["passed"] is True
    assert sandbox.verify(ledger=False)["payments"] is None


def test_webhooks_are_held_released_and_sent_again(mockpos, gateway, shop):
    hook = f'{UNSIGNED}[[merchant]]\nwebhook_url = "{shop.url}/hook"\n[[rule]]\nthen = {{ webhook = {{ send = "held" }} }}'
    mockpos.set_scenario(hook)
    gateway.post("")
    mockpos.webhooks.drain(all=True)
    [held] = mockpos.webhooks.list()
    assert (held["state"], shop.heard) == ("held", [])
    mockpos.webhooks.release(held)
    mockpos.webhooks.redeliver(held["id"])
    assert [path for path, _, _ in shop.heard] == ["/hook", "/hook"]
    with pytest.raises(MockposError, match="there is no webhook"):
        mockpos.webhooks.release(99)


def test_a_bad_scenario_is_refused_in_the_compilers_words(mockpos):
    with pytest.raises(MockposError, match="insuficient_funds") as error:
        mockpos.set_scenario('version = 1\n[[rule]]\nthen = { decline = "insuficient_funds" }')
    assert error.value.status == 422 and "insufficient_funds" in str(error.value)


def test_it_says_why_it_does_not_start():
    with pytest.raises(MockposError, match="cannot start `/no/such/mockpos`.*\nhint: give `binary`"):
        start(binary="/no/such/mockpos")
    with pytest.raises(MockposError, match="ended with 2 before it was ready\n(.|\n)*hapy"):
        start(scenario="hapy")
    with pytest.raises(MockposError, match="only one scenario"):
        start(scenario=["version = 1", "version = 1"])


def test_it_says_why_it_cannot_attach(monkeypatch):
    monkeypatch.delenv("MOCKPOS_URL", raising=False)
    with pytest.raises(MockposError, match="where is mockpos"):
        attach()
    with pytest.raises(MockposError, match="127.0.0.1:9"):
        attach("http://127.0.0.1:9")


def test_a_token_is_passed_on():
    with start(token="for-this-test", seed=7, scenario="happy-path") as server:
        assert server.sandbox("a").journal() == []
        with pytest.raises(MockposError, match="the admin token is missing or wrong"):
            attach(server.url).journal()
        assert attach(server.url, token="for-this-test").journal() == []


def test_it_ends_with_the_process_that_started_it():
    code = "import os, mockpos; print(mockpos.start().url, flush=True); os.kill(os.getpid(), 9)"
    url = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip()
    assert url.startswith("http://127.0.0.1:")
    gone = False
    for _ in range(200):  # each try is a connection to a port that is closing
        try:
            attach(url)
        except MockposError:
            gone = True
            break
    assert gone
