// What a shop gives to the package as `settings`: one backend, two languages, one currency.
export default {
  commerceUrl: encodeURI(process.env.SERVICE_BACKEND_URL ?? 'default'),
  redis: { defaultExpirationTime: 900 },
  commonProductAttributes: [],
  localization: {
    locales: [
      { label: 'EN', value: 'en', localePath: 'en', apiValue: 'en-us', rtl: false },
      { label: 'TR', value: 'tr', localePath: 'tr', apiValue: 'tr-tr', rtl: false }
    ],
    currencies: [{ label: 'TL', code: 'try' }],
    defaultLocaleValue: 'en',
    localeUrlStrategy: 'hide-default-locale',
    defaultCurrencyCode: 'try'
  },
  rewrites: [],
  checkout: { extraPaymentTypes: ['masterpass_rest'] }
};
