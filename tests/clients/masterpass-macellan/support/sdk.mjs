// The package as a page has it. It wants a browser's `navigator` and `window`: these are all that is added.
import { createRequire } from 'node:module';

Object.defineProperty(globalThis, 'navigator', { value: { appName: 'Netscape', appVersion: '5.0' }, configurable: true });
globalThis.window ??= globalThis;

const require = createRequire(import.meta.url);

/** The package, or a copy of its file; every copy remembers a last token of its own. */
export const load = (name = '@macellan/masterpass-sdk') => require(name).MasterPassSDK;

/** Tells the SDK to call a sandbox of its own. */
export function enter(sdk, url, sandbox) {
  sdk.setAddress(`${url}/~${sandbox}/MasterpassJsonServerHandler/v2`);
  sdk.setClientId('90000001');
}

const common = { token: 'AB12', referenceNo: '100000000001', sendSms: 'N', sendSmsLanguage: 'eng' };
const order = { amount: '10000', orderNo: '7001', macroMerchantId: '1', installmentCount: 3, paymentType: 'DIRECT_PAYMENT' };
const card = (name, number) => ({ rtaPan: number, cvc: '000', expiryDate: '3012', cardHolderName: name });

/** The forms of a shop. Without a number of its own a typed card is the published one that anybody has. */
export const forms = {
  check: (msisdn) => ({ ...common, userId: msisdn }),
  of: (msisdn, more) => ({ ...common, msisdn, ...more }),
  typed: (msisdn, name, number = '5258640000000001') => ({ ...common, msisdn, accountAliasName: 'Yeni kartım', ...card(name, number) }),
  direct: (msisdn, name, number = '5258640000000001') => ({ ...common, msisdn, ...order, ...card(name, number) }),
  both: (msisdn, name, number) => ({ ...forms.typed(msisdn, name, number), ...order, merchantId: '1' }),
  saved: (msisdn, alias) => ({ ...common, msisdn, ...order, listAccountName: alias }),
  code: (validationCode, pinType = 'otp') => ({ ...common, validationCode, pinType })
};

/** The code with which the SDK rejects. */
export const refused = (call) =>
  call.then(
    (answer) => Promise.reject(new Error(`it succeeded: ${JSON.stringify(answer)}`)),
    (why) => why.status
  );
