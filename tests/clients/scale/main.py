"""Two replicas behind nginx: every sandbox lives on one of them, and none sees another's calls."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import Request, urlopen

from prometheus_client.openmetrics.parser import text_string_to_metric_families

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/clients/craftgate-python"))
from record import client  # noqa: E402
from story import Story  # noqa: E402

SANDBOXES = int(os.environ.get("SCALE_SANDBOXES", "60"))
SHOPPERS = 12


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def replica():
    command = [os.environ["MOCKPOS_BIN"], "serve", "--listen", "127.0.0.1:0", "--quiet", "--log-format", "json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return process, json.loads(process.stdout.readline())["url"]


def balancer(directory, port, replicas):
    """nginx, with the configuration that is delivered."""
    template = (ROOT / "docker/scale/default.conf.template").read_text()
    servers = " ".join(f"server {url.removeprefix('http://').rstrip('/')};" for url in replicas)
    site = template.replace("${MOCKPOS_REPLICAS}", servers).replace("${MOCKPOS_PORT}", f"127.0.0.1:{port}")
    places = "".join(f"{kind}_temp_path {directory}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    conf = Path(directory, "nginx.conf")
    conf.write_text(
        f"daemon off; worker_processes 2; pid {directory}/pid; error_log {directory}/error.log;\n"
        f"events {{ worker_connections 1024; }}\nhttp {{ access_log off;\n{places}{site}}}\n")
    return subprocess.Popen(["nginx", "-e", f"{directory}/error.log", "-p", directory, "-c", str(conf)])


def ask(url, **headers):
    with urlopen(Request(url, headers=headers)) as answer:
        return answer.read().decode(), answer.headers


def until_it_listens(port, process):
    while process.poll() is None:
        with socket.socket() as it:
            if it.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("nginx has ended")


def shop(front, number):
    """A checkout with 3-D Secure and a refused one, as the vendor's package makes them; the journal of the sandbox."""
    name = f"shopper-{number}"
    base = f"{front}/~{name}"
    Story(client(base), base).card_three_ds()
    by_prefix = json.loads(ask(f"{base}/__mockpos/journal")[0])
    by_header = json.loads(ask(f"{front}/__mockpos/journal", **{"x-mockpos-sandbox": name})[0])
    assert by_header == by_prefix, f"{name}: the header leads elsewhere"
    return [(call["endpoint"], call["status"]) for call in by_prefix["entries"]]


def sandboxes(url):
    return {it["name"] for it in json.loads(ask(f"{url}/__mockpos/sandboxes")[0])["sandboxes"]} - {"default"}


def completed(url):
    """Completed payments and refused ones, as the metrics of a replica count them."""
    text, headers = ask(f"{url}/__mockpos/metrics")
    assert headers["content-type"].startswith("application/openmetrics-text"), headers["content-type"]
    samples = [it for family in text_string_to_metric_families(text) for it in family.samples]
    assert any(it.name == "process_resident_memory_bytes" and it.value > 0 for it in samples)
    of = {it.labels["status"]: int(it.value) for it in samples
          if it.name == "mockpos_calls_total" and it.labels["endpoint"] == "craftgate.card_payment.3ds_complete"}
    return of.get("2xx", 0), of.get("4xx", 0)


def main():
    with tempfile.TemporaryDirectory() as directory:
        started = []
        try:
            replicas = []
            for _ in range(2):
                process, url = replica()
                started.append(process)
                replicas.append(url.rstrip("/"))
            port = free_port()
            started.append(balancer(directory, port, replicas))
            until_it_listens(port, started[-1])
            check(f"http://127.0.0.1:{port}", replicas)
        finally:
            for process in started:
                process.terminate()
                process.wait()


def check(front, replicas):
    numbers = range(SANDBOXES)
    with ThreadPoolExecutor(SHOPPERS) as shoppers:
        journals = list(shoppers.map(lambda number: shop(front, number), numbers))
    assert len(journals[0]) >= 6, journals[0]
    for number, journal in zip(numbers, journals):
        assert journal == journals[0], f"shopper-{number} saw other calls than the first: {journal}"
    first, second = map(sandboxes, replicas)
    assert first and second, f"all sandboxes are on one replica: {len(first)} and {len(second)}"
    assert not first & second, f"on both replicas: {sorted(first & second)}"
    assert first | second == {f"shopper-{number}" for number in numbers}
    counted = [completed(url) for url in replicas]
    assert [sum(column) for column in zip(*counted)] == [SANDBOXES, SANDBOXES], counted
    assert [good for good, _ in counted] == [len(first), len(second)], counted
    print(f"ok: {SANDBOXES} sandboxes, {len(first)} on one replica and {len(second)} on the other, "
          f"{len(journals[0])} calls in each, none of another")


main()
