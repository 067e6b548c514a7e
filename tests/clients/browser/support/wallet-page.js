// Served to the browser: calls the wallet as a vendor's script in a shop's page does. None of this is the vendor's.
/* global fetch */
const settings = { merchantId: 'mockpos-merchant', sdkVersion: '1.0.4', sourceChannel: 'Web' };

/** The new generation: every call needs a preflight; the next step's address is a header. */
class Rest {
  constructor(endpoint, token) {
    this.endpoint = endpoint;
    this.token = token.replace(/^Bearer /, '');
    this.flow = {};
  }

  async call(method, path, fields) {
    const all = { ...fields, ...settings };
    const get = method === 'GET';
    const answer = await fetch(`${this.endpoint}${path}${get ? `?${new URLSearchParams(all)}` : ''}`, {
      method,
      headers: {
        'Content-Type': 'application/json', Accept: 'application/json', 'x-channel': 'SYS', 'x-source-channel': 'Web', 'x-api-version': '1.0.4',
        'x-language': 'tr-TR', Authorization: `Bearer ${this.token}`
      },
      body: get ? undefined : JSON.stringify(all)
    });
    const body = await answer.json();
    if (answer.ok && body.statusCode === 202) this.flow = { uri: answer.headers.get('Content-Location'), ...body.result };
    return body;
  }

  access(accountKey) {
    return this.call('GET', '/account/api/Card', { accountKey, accountKeyType: 'Msisdn', userId: '1' });
  }

  pay(accountKey, cardAlias, order) {
    const fixed = { authenticationMethod: 'None', requestReferenceNo: '100000000001', currencyCode: 'TRY', paymentType: 'Sale', secure3DModel: 'NotDefined' };
    return this.call('POST', '/payment/api/Payment/request', { accountKey, cardAlias, installmentCount: 1, ...fixed, ...order });
  }

  verify(otpCode) {
    return this.call('POST', this.flow.uri, { otpCode, token: this.flow.token });
  }

  resend() {
    return this.call('POST', '/user-authorization/api/Otp/resend', { token: this.flow.token });
  }

  remove(accountKey, cardAlias) {
    return this.call('DELETE', '/account/api/Card', { accountKey, cardAlias });
  }
}

/** The classic generation: a form's content type, which needs no preflight, over JSON. */
class Classic {
  constructor(address, type) {
    this.address = address;
    this.type = type;
  }

  async call(operation, fields) {
    const all = { ...fields, token: 'AB12', referenceNo: '100000000001', clientId: '90000001', version: '34', clientType: '1', fp: '' };
    const answer = await fetch(`${this.address}/${operation}`, { method: 'POST', headers: { 'Content-Type': this.type }, body: JSON.stringify(all) });
    const { Body } = (await answer.json()).Data;
    return { ...Body.Fault.Detail.ServiceFaultDetail, of: Body.Response?.Result.TransactionBody };
  }

  pay(msisdn, listAccountName, order) {
    return this.call('remotePurchaseOther', {
      msisdn, listAccountName: encodeURIComponent(listAccountName), macroMerchantId: '1', installmentCount: 1, paymentType: 'DIRECT_PAYMENT', ...order
    });
  }

  verify(validationRefNo, validationCode) {
    return this.call('validateTransaction', { validationRefNo, validationCode });
  }
}

Object.assign(window, { Rest, Classic });
