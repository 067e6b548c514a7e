// Calls of the SDK that mockpos does not mock yet, with arguments that make a whole request.

const day = new Date('2026-01-02T03:04:05.678Z');

export const LATER = {
  bankAccountTracking: { searchRecords: [{ page: 0 }], retrieveRecord: [1] },
  bkmExpress: { init: [{ price: 1 }], complete: [{ ticketId: 't' }], retrievePayment: ['t'], retrievePaymentByToken: ['t'] },
  fileReporting: {
    retrieveDailyTransactionReport: [{ reportDate: '2026-01-02', fileType: 'CSV' }],
    retrieveDailyPaymentReport: [{ reportDate: '2026-01-02', fileType: 'CSV' }],
    createReport: [{ startDate: day, endDate: day }],
    retrieveReport: [{ fileType: 'CSV' }, 1]
  },
  fraud: {
    searchFraudChecks: [{ page: 0 }], updateFraudCheckStatus: [1, 'FRAUD'], retrieveAllValueLists: [], retrieveValueList: ['l'],
    createValueList: ['l', 'IP'], deleteValueList: ['l'], addValueToValueList: [{ listName: 'l', value: 'v' }],
    addCardFingerprint: [{ label: 'x' }, 'l'], removeValueFromValueList: ['l', 'v']
  },
  juzdan: { initJuzdanPayment: [{ price: 1 }], retrieveJuzdanPayment: ['r'] },
  merchant: {
    createMerchantPos: [{ name: 'p' }], retrieveMerchantPos: [1], deleteMerchantPos: [1], updateMerchantPosStatus: [1, 'ACTIVE'],
    updateMerchantPos: [1, { name: 'p' }], searchMerchantPos: [{ page: 0 }], retrieveMerchantPosCommissions: [1],
    updateMerchantPosCommissions: [1, { commissions: [] }]
  },
  merchantApm: { retrieveApms: [] },
  onboarding: {
    createMember: [{ name: 'Haluk' }], updateMember: [1, { name: 'Haluk' }], retrieveMember: [1],
    searchMembers: [{ name: 'Zeytinyağı Üretim', memberIds: [1, 2], page: 0, size: 25 }], createMerchant: [{ name: 'm' }]
  },
  payByLink: {
    createProduct: [{ name: 'p' }], updateProduct: [1, { name: 'p' }], retrieveProduct: [1], deleteProduct: [1],
    searchProducts: [{ name: 'p' }]
  },
  payment: {
    createDepositPayment: [{ price: 1 }], init3DSDepositPayment: [{ price: 1 }], complete3DSDepositPayment: [{ paymentId: 1 }],
    createFundTransferDepositPayment: [{ price: 1 }], initApmDepositPayment: [{ price: 1 }], initGarantiPayPayment: [{ price: 1 }],
    initApmPayment: [{ price: 1 }], completeApmPayment: [{ paymentId: 1 }], createApmPayment: [{ price: 1 }],
    initPosApmPayment: [{ price: 1 }], completePosApmPayment: [{ paymentId: 1 }], createApplePayMerchantSession: [{}],
    retrieveBnplOffers: [{ price: 1 }], initBnplPayment: [{ price: 1 }], approveBnplPayment: [1], verifyBnplPayment: [1],
    retrieveActiveBanks: []
  },
  settlement: {
    createInstantWalletSettlement: [{}], createPayoutAccount: [{ currency: 'TRY' }], updatePayoutAccount: [1, { type: 'WISE' }],
    deletePayoutAccount: [1], searchPayoutAccount: [{ page: 0 }]
  },
  settlementReporting: {
    searchPayoutCompletedTransactions: [{ startDate: day, endDate: day }],
    searchBouncedPayoutTransactions: [{ startDate: day, endDate: day }], retrievePayoutDetails: [1], searchPayoutRow: [{ page: 0 }]
  },
  wallet: {
    createMemberWallet: [1, { currency: 'TRY' }], retrieveMemberWallet: [1], searchWalletTransactions: [1, { page: 0 }],
    updateMemberWallet: [1, 1, { negativeAmountLimit: 0 }], sendRemittance: [{ price: 1 }], receiveRemittance: [{ price: 1 }],
    retrieveRemittance: [1], retrieveMerchantMemberWallet: [], resetMerchantMemberWalletBalance: [{ walletAmount: 1 }],
    retrieveRefundableAmountOfWalletTransaction: [1], refundWalletTransaction: [1, { refundPrice: 1 }],
    retrieveRefundWalletTransactions: [1], createWithdraw: [{ price: 1 }], cancelWithdraw: [1], retrieveWithdraw: [1],
    searchWithdraws: [{ page: 0 }]
  }
};
