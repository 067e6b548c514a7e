"""Runs the story and every other call of the SDK, writes the table, and fails when a call does not do as it should."""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from record import NOT_MOCKED, Record, arguments, client, methods_of
from story import Story
from webhooks import webhooks

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs/conformance-craftgate.md"
BASE = os.environ["MOCKPOS_URL"]

# Adapters of which nothing is mocked yet, and such methods of the others.
LATER = {
    "bank_account_tracking", "bkm_express_payment", "file_reporting", "fraud", "juzdan_payment", "meal_voucher_card_tokenization",
    "merchant", "merchant_apm", "onboarding", "pay_by_link", "payment_token", "settlement", "settlement_reporting", "wallet",
}
LATER_PAYMENT = re.compile(r"payment\(\)\.\w*(deposit|apm|garanti|apple|bnpl|active_banks|ivr)\w*")

# Methods that fail in the package itself, before they send anything.
BROKEN = {"bkm_express_payment().generate_token": "fails in the package: its request has no `header_options`"}


def is_later(name):
    return name.split("()")[0] in LATER or LATER_PAYMENT.fullmatch(name)


def copy_paste():
    """The README's first block of Python that has its output below it prints that."""
    readme = (ROOT / "README.md").read_text()
    program, output = re.search(r"```python\n(.*?)```\s*```text\n(.*?)```", readme, re.S).groups()
    env = {**os.environ, "CRAFTGATE_URL": f"{BASE}/~quickstart-python"}
    ran = subprocess.run([sys.executable, "-"], input=program, env=env, capture_output=True, text=True)
    assert (ran.stdout, ran.returncode) == (output, 0), f"it printed {ran.stdout}{ran.stderr[-400:]}"


def write(section):
    """Takes the place of the section of this SDK; the rest of the page is the other's."""
    fresh = ("# The vendor's own Craftgate packages\n\n"
             "What they get, unmodified, from mockpos. Written by `tests/clients/craftgate-*/run`.\n\n"
             "<!-- node -->\n<!-- end node -->\n\n<!-- python -->\n<!-- end python -->\n")
    page = PAGE.read_text() if PAGE.exists() else fresh
    begin, end = "<!-- python -->", "<!-- end python -->"
    PAGE.write_text(page[:page.index(begin)] + f"{begin}\n{section}\n" + page[page.index(end):])


def main():
    record, raw = Record(), client(BASE)
    for title, tell in Story(record.watch(raw), BASE).chapters():
        record.chapter(title, tell)
    record.chapter("webhooks: believed by the SDK's own check", lambda: webhooks(BASE))
    record.chapter("the quickstart, as it is printed", copy_paste)
    methods = dict(methods_of(raw))
    for name, method in methods.items():
        if is_later(name) and name not in BROKEN:
            record.not_mocked(name, lambda method=method: method(*arguments(method)))

    rows = [(name, BROKEN[name], True) if name in BROKEN else (name, *record.result(name)) for name in methods]
    bad = [(name, text) for name, text, good in rows if not good]
    works = sum(text == "works" for _, text, _ in rows)
    later = sum(text == NOT_MOCKED for _, text, _ in rows)
    broken = f"{len(BROKEN)} fails in the package, " if BROKEN else ""
    summary = f"{len(rows)} methods: {works} work, {later} say that they are not mocked, {broken}{len(bad)} fail."
    lines = [f"## Python: `craftgate` {version('craftgate')}", "", summary, "", "| chapter of the story | result |", "| --- | --- |"]
    lines += [f"| {title} | {'FAILED' if why else 'ok'} |" for title, why in record.chapters]
    lines += ["", "| method | result |", "| --- | --- |"]
    lines += [f"| `{name}` | {text.replace('|', chr(92) + '|')} |" for name, text, _ in rows]
    write("\n".join(lines))
    for name, text in bad:
        print(f"FAILED  {name}: {text}")
    print(summary)
    return 1 if bad or any(why for _, why in record.chapters) else 0


sys.exit(main())
