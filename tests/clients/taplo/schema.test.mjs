// Shipped files are good in an editor, mistakes are underlined where they are, and words are offered.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { editor } from "./editor.mjs";

const HEAD = "#:schema scenario.schema.json\nversion = 1\n\n";
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const root = mkdtempSync(join(tmpdir(), "mockpos-taplo-"));
const files = readdirSync(here("../../../scenarios")).map((name) => `scenarios/${name}`);
let open;

/** Taplo's linter over these files. */
const lint = (...names) =>
  spawnSync(process.execPath, [here("node_modules/@taplo/cli/dist/cli.js"), "lint", "--colors", "never", ...names], {
    cwd: root,
    encoding: "utf8",
  });

before(async () => {
  writeFileSync(join(root, "scenario.schema.json"), execFileSync(process.env.MOCKPOS_BIN, ["schema"]));
  cpSync(here("../../../scenarios"), join(root, "scenarios"), { recursive: true });
  open = await editor(root);
});
after(() => {
  open.close();
  rmSync(root, { recursive: true });
});

test("every shipped file is good", () => {
  const { status, stdout, stderr } = lint(...files);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout + stderr, new RegExp(`total=${files.length} `));
});

test("the linter says which key is wrong, and exits so", () => {
  writeFileSync(join(root, "wrong.toml"), `${HEAD}[[rule]]\nwhen = { bin = "525864", instalment = 2 }\n`);
  const { status, stdout, stderr } = lint("wrong.toml");
  assert.equal(status, 1);
  assert.match(stdout + stderr, /'instalment' was unexpected[^]*wrong\.toml:5:/);
});

test("a wrong key is underlined in every shipped file", async () => {
  for (const name of files) {
    const text = readFileSync(join(root, name), "utf8");
    const wrong = await open.wrong(name.replace(".toml", "-wrong.toml"), text.replace("\ncall = ", "\ncal = "));
    assert.match(wrong.map(({ message }) => message).join("\n"), /'cal' was unexpected/, name);
  }
});

test("a wrong type is underlined", async () => {
  const [wrong] = await open.wrong("version.toml", HEAD.replace("version = 1", 'version = "1"'));
  assert.equal(wrong.range.start.line, 1);
  assert.match(wrong.message, /is not of type "integer"/);
});

test("a wrong word is underlined where it stands, with the right ones", async () => {
  const [wrong] = await open.wrong("fault.toml", `${HEAD}[[rule]]\nwire = { fault = "resett" }\n`);
  assert.equal(wrong.range.start.line, 4);
  assert.match(wrong.message, /"resett" is not one of \["reset","http",/);
  const [bin] = await open.wrong("bin.toml", `${HEAD}[[rule]]\nwhen = { bin = 525864 }\n`);
  assert.equal(bin.range.start.line, 4);
});

// Inside the braces of an inline table of `[[rule]]` Taplo offers nothing; with dots it does, and it is the same TOML.
for (const [name, marked, ...words] of [
  ["tables of the file", "|\n", "settings", "rule", "example", "masterpass.cors"],
  ["tables by their head", "[[|]]\n", "rule", "example", "holder", "card", "bin"],
  ["keys of a rule", '[[rule]]\n|\n', "when.installment", "when.bin", "then.decline", "wire.fault", "then.three_ds"],
  ["endpoints", '[[rule]]\nwhen.endpoint = "|"\n', '"akinon.checkout.complete"', '"craftgate.card_payment.create"'],
  ["reasons to decline", '[[rule]]\nthen.decline = "|"\n', '"not_permitted_to_installment"', '"insufficient_funds"'],
  ["faults", "[[rule]]\nwire.fault = |\n", '"reset"', '"half_body"', '"stall"'],
  ["settings", "[settings]\n|\n", "strict", "strict_tokens", "magic_amounts"],
  ["words of a setting", "[masterpass]\ncors = |\n", '"open"', '"hide_location"', '"refused"'],
]) {
  test(`offered: ${name}`, async () => {
    const offered = await open.offered(`${name.replaceAll(" ", "-")}.toml`, HEAD + marked);
    for (const word of words) assert.ok(offered.includes(word), `no ${word} in ${offered.slice(0, 40)}`);
  });
}

test("help is shown over a key", async () => {
  assert.match(await open.hover("hover.toml", `${HEAD}[settings]\nstr|ict = true\n`), /posts say what is missing[^]*strict = false/);
});
