// Payments: saved, typed, typed and kept; with passwords, with 3-D Secure.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startMockpos } from './support/mockpos.mjs';
import { enter, forms, load, refused } from './support/sdk.mjs';

const sdk = load();
let mockpos;
before(async () => { mockpos = await startMockpos(); });
after(() => mockpos.stop());

const COLLECTOR = '905551110020';
const LINKED = '905551110008';
const NOBODY = '905551110001';

test('a saved card pays at once, and the payment token is where the SDK looks for it', async () => {
  enter(sdk, mockpos.url, 'saved');
  const paid = await sdk.purchase(forms.saved(COLLECTOR, 'DIRECT'));
  assert.equal(paid.responseCode, '0000');
  assert.match(paid.token, /^[0-9a-f-]{36}$/);
  assert.deepEqual([paid.orderNo, paid.amount, paid.installmentCount], ['7001', '10000', 3]);
  assert.match(paid.transactionId, /^5\d{11}$/);
});

test('a saved card pays with the bank\'s password: wrong, sent again, right', async () => {
  enter(sdk, mockpos.url, 'otp');
  const asked = await sdk.purchase(forms.saved(COLLECTOR, 'BANK OTP'));
  assert.equal(asked.responseCode, '5001');
  assert.equal(asked.token, '');
  assert.equal(await refused(sdk.validateTransaction(forms.code('654321'))), '1409');
  const first = sdk.getLastToken();
  assert.equal((await sdk.resendOtp('tur')).responseCode, '5001');
  assert.notEqual(sdk.getLastToken(), first);
  const paid = await sdk.validateTransaction(forms.code('123456'));
  assert.equal(paid.responseCode, '0000');
  assert.match(paid.token, /^[0-9a-f-]{36}$/);
  assert.equal(await refused(sdk.validateTransaction(forms.code('123456'))), '1419');
});

test('a typed card that is sealed for the vendor is known by the name on it', async () => {
  enter(sdk, mockpos.url, 'direct');
  assert.equal((await sdk.directPurchase(forms.direct(LINKED, 'DIRECT'))).responseCode, '0000');
  assert.equal((await sdk.directPurchase(forms.direct(LINKED, 'BANK OTP'))).responseCode, '5001');
  assert.equal((await sdk.validateTransaction(forms.code('123456'))).responseCode, '0000');
  assert.equal((await sdk.directPurchase(forms.direct(LINKED, 'MPIN'))).responseCode, '5002');
  assert.equal((await sdk.validateTransaction(forms.code('1234', 'mpin'))).responseCode, '0000');
  const [call] = await mockpos.journal('direct');
  assert.match(JSON.stringify(call), /rtaPan/);
  assert.doesNotMatch(JSON.stringify(call), /5258640000000001|[0-9a-f]{300}/);
});

test('a typed card pays and is kept', async () => {
  enter(sdk, mockpos.url, 'both');
  assert.equal((await sdk.purchaseAndRegister(forms.both(NOBODY, 'BANK OTP'))).responseCode, '5001');
  const paid = await sdk.validateTransaction(forms.code('123456'));
  assert.equal(paid.responseCode, '0000');
  assert.match(paid.token, /^[0-9a-f-]{36}$/);
  const { cards: [card] } = await sdk.listCards(NOBODY, 'AB12');
  assert.deepEqual([card.Name, card.Value1], ['Yeni kartım', '513662******0001']);
  assert.equal(await refused(sdk.purchaseAndRegister(forms.both(LINKED, 'SAVE FAILS'))), '5196');
});

test('3-D Secure has an address to which a return address can be added', async () => {
  enter(sdk, mockpos.url, 'three-d');
  const asked = await sdk.purchase(forms.saved(COLLECTOR, 'OTP THEN THREE D'));
  assert.equal(asked.responseCode, '5001');
  const bank = await sdk.validateTransaction(forms.code('123456'));
  assert.equal(bank.responseCode, sdk.Constants.ResponseCodes.VALIDATE_3D_SECURE);
  const address = new URL(`${bank.url3D}&returnUrl=${encodeURIComponent('http://shop.example/3d?a=b')}`);
  assert.equal(address.pathname, '/~three-d/user-authorization/mp-3d-acs-form');
  assert.equal(address.searchParams.get('returnUrl'), 'http://shop.example/3d?a=b');
  assert.match(address.searchParams.get('token'), /^[0-9a-f-]{36}$/);
  for (const [url, end] of [[bank.url3DSuccess, 'success'], [bank.url3DError, 'error']]) {
    assert.equal(url, `${mockpos.url}/~three-d/user-authorization/mp-3d-client-${end}`);
  }
});

test('what cannot be paid is said with its code', async () => {
  enter(sdk, mockpos.url, 'refused');
  assert.equal(await refused(sdk.purchase(forms.saved(LINKED, 'Başka'))), '1056');
  assert.equal(await refused(sdk.purchase(forms.saved('905551110006', 'Kartım'))), '5460');
  assert.equal(await refused(sdk.directPurchase({ ...forms.direct(LINKED, 'DIRECT'), amount: '' })), '9809');
});
