// Runs the story and every other call of the SDK, writes the table, and fails when a call does not do as it should.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { LATER } from './later.mjs';
import { Record, methodsOf } from './record.mjs';
import { chapters } from './story.mjs';
import { webhooks } from './webhooks.mjs';

const require = createRequire(import.meta.url);
const Craftgate = require('@craftgate/craftgate');
const { version } = require('@craftgate/craftgate/package.json');
const base = process.env.MOCKPOS_URL;
const PAGE = new URL('../../../docs/conformance-craftgate.md', import.meta.url);
const README = new URL('../../../README.md', import.meta.url);

const client = (more = {}) => new Craftgate.Client({ apiKey: 'api-key', secretKey: 'secret-key', baseUrl: base, ...more });
const record = new Record();
const raw = client();
const cg = record.watch(raw);

// The README's first block of a language that has its output below it.
function quickstart(language) {
  const block = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\`\\s*\`\`\`text\\n([\\s\\S]*?)\`\`\``);
  const [, program, output] = block.exec(readFileSync(README, 'utf8'));
  return { program, output };
}

async function copyPaste() {
  const { program, output } = quickstart('js');
  const cwd = new URL('.', import.meta.url).pathname;
  const env = { ...process.env, CRAFTGATE_URL: `${base}/~quickstart-node` };
  const printed = execFileSync(process.execPath, ['-'], { input: program, cwd, env, encoding: 'utf8' });
  if (printed !== output) throw new Error(`it printed ${printed}`);
}

// Takes the place of the section of this SDK; the rest of the page is the other's.
function write(section) {
  const fresh = [
    '# The vendor\'s own Craftgate packages', '', 'What they get, unmodified, from mockpos. Written by `tests/clients/craftgate-*/run`.',
    '', '<!-- node -->', '<!-- end node -->', '', '<!-- python -->', '<!-- end python -->', ''
  ].join('\n');
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : fresh;
  const place = /<!-- node -->[\s\S]*<!-- end node -->/;
  writeFileSync(PAGE, page.replace(place, () => `<!-- node -->\n${section}<!-- end node -->`));
}

for (const [title, tell] of chapters({ cg, raw, client, base, SdkError: Craftgate.CraftgateError })) await record.chapter(title, tell);
await record.chapter('webhooks: believed by the SDK\'s own check', () => webhooks({ raw, client, base }));
await record.chapter('the quickstart, as it is printed', copyPaste);
for (const [adapter, methods] of Object.entries(LATER)) {
  for (const [method, parameters] of Object.entries(methods)) {
    const call = () => raw[adapter]()[method](...parameters);
    await record.notMocked(`${adapter}().${method}`, call, Craftgate.CraftgateError);
  }
}

const rows = methodsOf(raw).sort().map(name => ({ name, ...record.result(name) }));
const cell = text => text.replaceAll('|', '\\|');
const count = text => rows.filter(row => row.text === text).length;
const [works, later] = [count('works'), rows.filter(row => row.good && row.text !== 'works').length];
write([
  `## Node: \`@craftgate/craftgate\` ${version}`, '',
  `${rows.length} methods: ${works} work, ${later} say that they are not mocked, ${rows.length - works - later} fail.`, '',
  '| chapter of the story | result |', '| --- | --- |',
  ...record.chapters.map(({ title, why }) => `| ${cell(title)} | ${why ? 'FAILED' : 'ok'} |`), '',
  '| method | result |', '| --- | --- |',
  ...rows.map(({ name, text }) => `| \`${name}\` | ${cell(text)} |`), ''
].join('\n'));

const bad = rows.filter(row => !row.good);
for (const { name, text } of bad) console.log(`FAILED  ${name}: ${text}`);
const failed = bad.length + record.chapters.filter(({ why }) => why).length;
console.log(`${rows.length} methods: ${works} work, ${later} not mocked, ${bad.length} failed; ${record.chapters.length} chapters`);
process.exit(failed ? 1 : 0);
