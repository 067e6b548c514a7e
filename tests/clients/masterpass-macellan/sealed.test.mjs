// The package's own file, served with the sandbox's key in the vendor's place: card numbers are then read for real.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import test, { after, before } from 'node:test';
import { FILE, startMockpos } from './support/mockpos.mjs';
import { enter, forms, load } from './support/sdk.mjs';

let mockpos;
before(async () => { mockpos = await startMockpos(); });
after(() => mockpos.stop());

/** Beside the package's file, so that it finds what it needs. */
async function served() {
  const answer = await fetch(`${mockpos.url}/~sealed/masterpass-sdk/${basename(FILE)}`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/javascript');
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  const text = await answer.text();
  const theirs = await readFile(FILE, 'utf8');
  assert.equal(text.length, theirs.length);
  const differing = [...text].filter((c, i) => c !== theirs[i]).length;
  assert.ok(differing > 300 && differing <= 352, `${differing} characters differ`);
  const copy = join(dirname(FILE), 'served.cjs');
  await writeFile(copy, text);
  return load(copy);
}

test('the number counts, not the name on the card', async () => {
  const sdk = await served();
  enter(sdk, mockpos.url, 'sealed');
  for (const [number, code] of [
    ['5136620000000001', '5001'],
    ['4871460000000004', '5008'],
    ['5545480000000005', '5010'],
    ['4132260000000003', '0000']
  ]) {
    for (let again = 0; again < 5; again += 1) { // its padding is by chance
      const told = await sdk.directPurchase(forms.direct('905551110008', 'LOAN', number));
      assert.equal(told.responseCode, code, number);
    }
  }
  const asked = await sdk.register(forms.typed('905551110001', 'LOAN', '5136620000000001'));
  assert.equal(asked.responseCode, '5001');
  await sdk.validateTransaction(forms.code('123456'));
  const { cards: [card] } = await sdk.listCards('905551110001', 'AB12');
  assert.equal(card.Value1, '513662******0001');
  assert.doesNotMatch(JSON.stringify(await mockpos.journal('sealed')), /5136620000000001/);
});
