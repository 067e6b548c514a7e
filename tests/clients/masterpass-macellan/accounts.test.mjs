// Accounts and cards: check, link, list, register, delete.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startMockpos } from './support/mockpos.mjs';
import { enter, forms, load, refused } from './support/sdk.mjs';

const sdk = load();
let mockpos;
before(async () => { mockpos = await startMockpos(); });
after(() => mockpos.stop());

const names = async (msisdn) => (await sdk.listCards(msisdn, 'AB12')).cards.map((card) => card.Name);

test('every kind of account is told apart as the SDK does', async () => {
  enter(sdk, mockpos.url, 'check');
  for (const [msisdn, status, kind] of [
    ['905551110001', '0000000000000000', 'not-user'],
    ['905551110006', '0110001000000000', 'unlinked'],
    ['905551110008', '0111001000000000', 'registered'],
    ['905551110009', '0111100000000000', 'unknown']
  ]) {
    const answer = await sdk.checkMasterPass(forms.check(msisdn));
    assert.equal(answer.responseCode, '');
    assert.equal(answer.accountStatus, status);
    assert.equal(sdk.Utils.parseAccountStatus(answer.accountStatus), kind);
  }
});

test('an account is linked with the wallet\'s password, and then its cards are there', async () => {
  enter(sdk, mockpos.url, 'link');
  const msisdn = '905551110006';
  assert.equal(await refused(sdk.listCards(msisdn, 'AB12')), '5460');
  const asked = await sdk.linkCardToClient(forms.of(msisdn));
  assert.equal(asked.responseCode, sdk.Constants.ResponseCodes.VALIDATE_DEVICE);
  const token = sdk.getLastToken();
  assert.equal(await refused(sdk.validateTransaction(forms.code('111111'))), '1409');
  assert.equal(sdk.getLastToken(), token);
  const linked = await sdk.validateTransaction(forms.code('123456'));
  assert.equal(linked.responseCode, '0000');
  assert.equal(linked.accountStatus, '0111001000000000');
  const { cards: [card] } = await sdk.listCards(msisdn, 'AB12');
  assert.deepEqual([card.Name, card.Value1, card.BankIca, card.EftCode, card.IsMasterPassMember], ['Kartım', '525864******0001', '2117', '0067', 'Y']);
});

test('a card is registered under its name and deleted by it', async () => {
  enter(sdk, mockpos.url, 'register');
  const msisdn = '905551110001';
  const asked = await sdk.register(forms.typed(msisdn, 'CHAINED OTP'));
  assert.equal(asked.responseCode, '5008');
  assert.equal((await sdk.resendOtp('eng')).responseCode, '5008');
  assert.equal((await sdk.validateTransaction(forms.code('123456'))).responseCode, '5001');
  const done = await sdk.validateTransaction(forms.code('123456'));
  assert.equal(done.responseCode, '0000');
  assert.equal(done.cardUniqueId.length, 64);
  assert.deepEqual(await names(msisdn), ['Yeni kartım']);
  assert.equal(await refused(sdk.register(forms.typed(msisdn, 'CHAINED OTP'))), '4004');
  const named = forms.of(msisdn, { accountAliasName: 'Yeni kartım' });
  assert.equal((await sdk.deleteCard(named)).responseCode, '0000');
  assert.deepEqual(await names(msisdn), []);
  assert.equal(await refused(sdk.deleteCard(named)), '1056');
});

test('a number that fails its check is sent as nothing, and refused', async () => {
  enter(sdk, mockpos.url, 'invalid');
  assert.equal(await refused(sdk.register(forms.typed('905551110008', 'ANY', '5258640000000002'))), '9802');
});
