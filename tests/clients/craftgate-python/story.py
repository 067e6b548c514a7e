"""A merchant's day with the SDK: create, read back, search, refund, refund again."""

import base64
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from browser import open_page, to_merchant
from craftgate.model import (
    CardProvider, CardVerificationAuthType, Currency, PaymentGroup, PaymentPhase, PaymentProvider, PaymentStatus,
)
from craftgate.model.webhook_data import WebhookData
from craftgate.request import *
from craftgate.request.common import HeaderOptions
from craftgate.request.dto.verify_card import VerifyCard
from craftgate.request.masterpass_account_token_generate_request import MasterpassAccountTokenGenerateRequest
from record import client, refused

CALLBACK_KEY = "merchantThreeDsCallbackKeySndbox"
WEBHOOK_KEY = "Aoh7tReTybO6wOjBmOJFFsOR53SBojEp"
CALLBACK = "http://shop.example/craftgate/3ds?order=7"
HOLDER = {"card_holder_name": "Haluk Demir", "expire_year": "2044", "expire_month": "07", "cvc": "000"}
YKB = "5258640000000001"
BONUS = "5209220000000002"


def items(share=None):
    prices = {"Ürün 1": 30, "Ürün 2": 50, "Ürün 3": 20}
    seller = {"sub_merchant_member_id": 1} if share else {}
    return [
        PaymentItem(name=name, external_id=name[-1], price=Decimal(price),
                    **({**seller, "sub_merchant_member_price": price * share} if share else {}))
        for name, price in prices.items()
    ]


def order(**more):
    return {"price": Decimal("100"), "paid_price": Decimal("100"), "currency": Currency.TRY,
            "payment_group": PaymentGroup.LISTING_OR_SUBSCRIPTION, "items": items(), **more}


def card_order(number=YKB, **more):
    return order(**{"installment": 1, "card": Card(card_number=number, **HOLDER), **more})


def token_request(force=False, **more):
    return MasterpassPaymentTokenGenerateRequest(
        user_id="shop-user-7", msisdn="905551112233", bin_number="404308", force_three_d_s=force,
        create_payment=MasterpassCreatePayment(**order(installment=1, **more)))


def text(value):
    """An enum's value, or the text itself: the SDK keeps both."""
    return getattr(value, "value", value)


def same(found, **expected):
    for name, value in expected.items():
        got = getattr(found, name)
        assert text(got) == text(value), f"{name}: {got!r}, not {value!r}"


def paid(payment, **expected):
    same(payment, **{"payment_status": "SUCCESS", "price": 100, "paid_price": 100, **expected})
    assert isinstance(payment.id, int)
    assert isinstance(payment.created_date, datetime)
    assert len(payment.payment_transactions) == 3
    assert sum(it.paid_price for it in payment.payment_transactions) == payment.paid_price


def html(content):
    return base64.b64decode(content).decode()


class Story:
    def __init__(self, cg, base):
        self.cg, self.base = cg, base
        self.raw = client(base)

    def pay(self, number=YKB, **more):
        return self.cg.payment().create_payment(CreatePaymentRequest(**card_order(number, **more)))

    def init_3ds(self, number=YKB, **more):
        request = InitThreeDSPaymentRequest(callback_url=CALLBACK, **card_order(number, **more))
        return self.cg.payment().init_3ds_payment(request)

    def through_the_bank(self, page):
        return to_merchant(page, "http://shop.example/")

    def verified(self, fields, **wrong):
        check = self.cg.payment().is_3d_secure_callback_verified
        assert check(CALLBACK_KEY, fields), fields
        assert not check(CALLBACK_KEY, {**fields, **wrong})

    def bins_and_installments(self):
        """BINs and installments"""
        found = self.cg.installment().retrieve_bin_number("525864")
        same(found, bin_number="525864", card_type="CREDIT_CARD", card_association="MASTER_CARD", card_brand="World",
             bank_name="YAPI VE KREDİ BANKASI A.Ş.", bank_code=67, commercial=False)
        answer = self.cg.installment().search_installments(
            SearchInstallmentsRequest(bin_number="525864", price=Decimal("100"), currency=Currency.TRY))
        prices = answer.items[0].installment_prices
        assert [it.installment_number for it in prices] == [1, 2, 3, 6, 9, 12]
        assert prices[2].total_price == 104

    def masterpass(self):
        """Masterpass, no 3-D Secure: check, token, complete, read back"""
        masterpass = self.cg.masterpass_payment()
        user = masterpass.check_masterpass_user(CheckMasterpassUserRequest(masterpass_gsm_number="903000000000"))
        assert user.is_eligible_to_use_masterpass is True
        account = masterpass.generate_masterpass_account_token(
            MasterpassAccountTokenGenerateRequest(msisdn="905551112233", user_id="shop-user-7"))
        assert account.token
        made = masterpass.generate_masterpass_payment_token(token_request(conversation_id="mp-1", bank_order_id="MP0001"))
        assert made.order_no == "MP0001"
        request = MasterpassPaymentCompleteRequest(reference_id=made.reference_id, token=made.token)
        payment = masterpass.complete_masterpass_payment(request)
        paid(payment, payment_provider="MASTERPASS", is_three_ds=False, conversation_id="mp-1", order_id="MP0001")
        refused(lambda: masterpass.complete_masterpass_payment(request), "4300")
        paid(self.cg.payment().retrieve_payment(payment.id), id=payment.id, payment_provider="MASTERPASS")
        seen = self.cg.payment_reporting().retrieve_payment(payment.id)
        paid(seen, refundable_price=100, refund_status="NOT_REFUNDED")

    def masterpass_three_ds(self):
        """Masterpass with 3-D Secure: init, the bank, callback verified, complete"""
        masterpass = self.cg.masterpass_payment()
        made = masterpass.generate_masterpass_payment_token(token_request(force=True, conversation_id="mp-3d"))
        init = masterpass.init_3ds_masterpass_payment(
            MasterpassPaymentThreeDSInitRequest(reference_id=made.reference_id, callback_url=CALLBACK))
        request = MasterpassPaymentThreeDSCompleteRequest(payment_id=init.payment_id)
        refused(lambda: masterpass.complete_3ds_masterpass_payment(request), "4302")
        fields = self.through_the_bank(open_page(init.return_url))
        assert fields["status"] == "SUCCESS" and fields["paymentId"] == str(init.payment_id)
        self.verified(fields, status="FAILURE")
        paid(masterpass.complete_3ds_masterpass_payment(request), is_three_ds=True, md_status=1, payment_provider="MASTERPASS")
        refused(lambda: masterpass.complete_3ds_masterpass_payment(request), "4302")

    def rewards(self):
        """rewards, of Masterpass cards and of cards"""
        account = self.cg.masterpass_payment().retrieve_loyalties(
            MasterpassRetrieveLoyaltiesRequest(msisdn="905551112233", bin_number="404809", card_name="YKB Test Kart"))
        assert account.card_issuer_bank_id == 67
        card = self.cg.payment().retrieve_loyalties(RetrieveLoyaltiesRequest(
            card_number="4043080000000003", expire_year="2044", expire_month="07", cvc="000"))
        reward = card.loyalties[0].reward
        assert (reward.card_reward_money, reward.firm_reward_money) == (Decimal("12.35"), Decimal("5.2"))

    def card_read_search(self):
        """a card: pay, read back, search, all filters"""
        payment = self.pay(conversation_id="card-1", external_id="basket-1", payment_channel="WEB")
        paid(payment, payment_provider="BANK", payment_source="API", bin_number="525864", last_four_digits="0001",
             card_brand="World", is_three_ds=False, paid_with_stored_card=False)
        later = self.pay(BONUS, conversation_id="card-2", paid_price=Decimal("104"), installment=3)
        assert sum(it.paid_price for it in later.payment_transactions) == 104
        search = self.cg.payment_reporting().search_payments
        found = search(SearchPaymentsRequest(page=0, size=1, payment_status=PaymentStatus.SUCCESS))
        assert [it.id for it in found.items] == [later.id] and found.total_size >= 2
        created, day = payment.created_date, timedelta(days=1)
        filters = [
            {"payment_id": payment.id}, {"conversation_id": "card-1"}, {"external_id": "basket-1"}, {"order_id": payment.order_id},
            {"payment_transaction_id": payment.payment_transactions[0].id},
            {"payment_channel": "WEB", "payment_provider": PaymentProvider.BANK, "bin_number": "525864", "last_four_digits": "0001",
             "currency": Currency.TRY, "min_paid_price": Decimal("100"), "max_paid_price": Decimal("100"), "installment": 1,
             "min_created_date": created - day, "max_created_date": created + day},
        ]
        for one in filters:
            assert [it.id for it in search(SearchPaymentsRequest(**one)).items] == [payment.id], one
        assert search(SearchPaymentsRequest(conversation_id="card-1", max_created_date=created - day)).total_size == 0

    def refund_items(self):
        """refund one item twice, then the rest; too much is refused"""
        payment = self.pay()
        second = payment.payment_transactions[1].id

        def refund(price):
            return self.cg.payment().refund_payment_transaction(
                RefundPaymentTransactionRequest(payment_transaction_id=second, refund_price=Decimal(price)))

        part, more = refund("20"), refund("25")
        same(part, status="SUCCESS", refund_price=20, payment_id=payment.id)
        refused(lambda: refund("5.01"), "4400")
        same(self.cg.payment().retrieve_payment_transaction_refund(part.id), id=part.id, refund_price=20)
        report = self.cg.payment_reporting()
        same(report.retrieve_payment(payment.id), refund_status="PARTIAL_REFUNDED", refundable_price=55)
        of_item = report.retrieve_payment_transaction_refunds(payment.id, second)
        assert {it.id for it in of_item.items} == {part.id, more.id}
        line = next(it for it in report.retrieve_payment_transactions(payment.id).items if it.id == second)
        same(line, refund_status="PARTIAL_REFUNDED", refundable_price=5)
        searched = report.search_payment_transaction_refunds(SearchPaymentTransactionRefundsRequest(payment_id=payment.id, page=0, size=10))
        assert searched.total_size == 2
        rest = self.cg.payment().refund_payment(RefundPaymentRequest(payment_id=payment.id))
        same(rest, status="SUCCESS", refund_type="REFUND", refund_price=55)
        same(report.retrieve_payment(payment.id), refund_status="FULLY_REFUNDED", refundable_price=0)

    def cancel(self):
        """cancel a whole payment on its day"""
        payment = self.pay()
        cancelled = self.cg.payment().refund_payment(RefundPaymentRequest(payment_id=payment.id, conversation_id="cancel-1"))
        same(cancelled, refund_type="CANCEL", refund_price=100, payment_id=payment.id)
        same(self.cg.payment().retrieve_payment_refund(cancelled.id), id=cancelled.id, payment_id=payment.id)
        report = self.cg.payment_reporting()
        assert [it.id for it in report.retrieve_payment_refunds(payment.id).items] == [cancelled.id]
        found = report.search_payment_refunds(SearchPaymentRefundsRequest(payment_id=payment.id, page=0, size=10))
        assert [it.id for it in found.items] == [cancelled.id]

    def marked(self):
        """marked as refunded"""
        payment = self.pay()
        one = self.cg.payment().refund_payment_transaction_mark_as_refunded(RefundPaymentTransactionMarkAsRefundedRequest(
            payment_transaction_id=payment.payment_transactions[0].id, refund_price=Decimal("10")))
        same(one, status="SUCCESS", refund_price=10, payment_id=payment.id)
        rest = self.cg.payment().refund_payment_mark_as_refunded(RefundPaymentRequest(payment_id=payment.id))
        assert sum(it.refund_price for it in rest.items) == 90

    def card_three_ds(self):
        """a card with 3-D Secure: htmlContent, the bank, callback verified, complete"""
        init = self.init_3ds(conversation_id="card-3d")
        same(init, payment_status="INIT_THREEDS")
        fields = self.through_the_bank((html(init.html_content), self.base))
        assert (fields["status"], fields["conversationId"]) == ("SUCCESS", "card-3d")
        self.verified(fields, paymentId="1")
        request = CompleteThreeDSPaymentRequest(payment_id=init.payment_id)
        paid(self.cg.payment().complete_3ds_payment(request), is_three_ds=True, md_status=1)
        failing = self.init_3ds("5115830000006669")
        fields = self.through_the_bank((html(failing.html_content), self.base))
        assert fields["status"] == "FAILURE"
        self.verified(fields, status="SUCCESS")
        request = CompleteThreeDSPaymentRequest(payment_id=failing.payment_id)
        refused(lambda: self.cg.payment().complete_3ds_payment(request), "4302")

    def pre_auth(self):
        """pre-auth and capture"""
        payment = self.pay(payment_phase=PaymentPhase.PRE_AUTH)
        captured = self.cg.payment().post_auth_payment(payment.id, PostAuthPaymentRequest(paid_price=Decimal("100")))
        same(captured, id=payment.id, payment_phase="POST_AUTH", payment_status="SUCCESS")

    def stored_cards(self):
        """stored cards: store, search, update, pay, clone, verify, delete"""
        payments = self.cg.payment()
        card = payments.store_card(StoreCardRequest(
            card_holder_name="Haluk Demir", card_number=YKB, expire_year="2044", expire_month="07", card_alias="My YKB Card + 1"))
        same(card, bin_number="525864", last_four_digits="0001", card_bank_id=67)
        keys = {"card_user_key": card.card_user_key, "card_token": card.card_token}
        found = payments.search_stored_cards(SearchStoredCardsRequest(card_alias="My YKB Card + 1", page=0, size=10))
        assert [it.card_token for it in found.items] == [card.card_token]
        same(payments.update_card(UpdateCardRequest(expire_year="2045", expire_month="08", **keys)), expire_year="2045")
        paid(self.pay(card=Card(**keys)), paid_with_stored_card=True, last_four_digits="0001")
        clone = payments.clone_card(CloneCardRequest(
            source_card_user_key=card.card_user_key, source_card_token=card.card_token, target_merchant_id=1))
        same(clone, bin_number="525864")
        mappings = payments.retrieve_provider_cards(RetrieveProviderCardRequest(
            provider_card_token="token-1", external_id="1001", provider_card_user_id="user-1", card_provider=CardProvider.MEX))
        assert isinstance(mappings.items, list)
        checked = payments.verify_card(VerifyCardRequest(
            card=VerifyCard(card_number=BONUS, **HOLDER), payment_authentication_type=CardVerificationAuthType.NON_THREE_DS,
            verification_price=Decimal("10"), currency=Currency.TRY))
        assert checked.card_user_key and checked.card_token
        assert payments.delete_stored_card(DeleteStoredCardRequest(**keys)) is None
        refused(lambda: self.pay(card=Card(**keys)), "4500")

    def marketplace(self):
        """marketplace: splits, update, approve, disapprove"""
        payment = self.pay(payment_group=PaymentGroup.PRODUCT, items=items(Decimal("0.9")))
        first, second = (it.id for it in payment.payment_transactions[:2])
        same(payment.payment_transactions[0], sub_merchant_member_price=27, merchant_payout_amount=3)
        payments = self.cg.payment()
        updated = payments.update_payment_transaction(UpdatePaymentTransactionRequest(
            payment_transaction_id=first, sub_merchant_member_id=1, sub_merchant_member_price=Decimal("25")))
        same(updated, id=first, sub_merchant_member_price=25)
        both = [first, second]
        approved = payments.approve_payment_transactions(
            ApprovePaymentTransactionsRequest(payment_transaction_ids=both, is_transactional=True))
        assert [text(it.approval_status) for it in approved.items] == ["SUCCESS", "SUCCESS"]
        withdrawn = payments.disapprove_payment_transactions(
            DisapprovePaymentTransactionsRequest(payment_transaction_ids=both, is_transactional=True))
        assert withdrawn.size == 2

    def hosted_pages(self):
        """the checkout page: init, pay on the page, retrieve; expire another"""
        payments = self.cg.payment()
        request = InitCheckoutPaymentRequest(callback_url=CALLBACK, conversation_id="form-1", **order())
        form = payments.init_checkout_payment(request)
        refused(lambda: payments.retrieve_checkout_payment(form.token), "4601")
        typed = {"cardHolderName": "Haluk Demir", "cardNumber": YKB, "expireYear": "2044", "expireMonth": "07", "cvc": "000"}
        fields = to_merchant(open_page(f"{form.page_url}&lang=tr"), "http://shop.example/", typed)
        assert fields == {"token": form.token}
        paid(payments.retrieve_checkout_payment(form.token), payment_source="CHECKOUT_FORM", conversation_id="form-1")
        other = payments.init_checkout_payment(request)
        assert payments.expire_checkout_payment(ExpireCheckoutPaymentRequest(token=other.token)) is None
        refused(lambda: payments.retrieve_checkout_payment(other.token), "4600")

    def hosted_verification(self):
        """the page that verifies a card"""
        made = self.cg.payment().init_checkout_card_verify(InitCheckoutCardVerifyRequest(
            verification_price=Decimal("10"), currency=Currency.TRY, callback_url=CALLBACK,
            payment_authentication_type=CardVerificationAuthType.NON_THREE_DS))
        same(self.cg.payment().retrieve_checkout_card_verify(made.token), token=made.token, card=None)

    def multi_payment(self):
        """a payment in several parts"""
        made = self.cg.payment().init_multi_payment(
            InitMultiPaymentRequest(callback_url=CALLBACK, conversation_id="multi-1",
                                    **{name: value for name, value in order().items() if name != "paid_price"}))
        multi = self.cg.payment().retrieve_multi_payment(made.token)
        same(multi, multi_payment_status="CREATED", price=100, remaining_amount=100)

    def errors(self):
        """errors: groups, codes, the provider's words, both languages"""
        poor = "5100050000006661"
        declined = refused(lambda: self.pay(poor, conversation_id="poor"), "10051", "NOT_SUFFICIENT_FUNDS")
        assert declined.error_description == "Kart limiti yetersiz, yetersiz bakiye"
        assert declined.provider_error and declined.provider_error.error_code, "no provider error"
        request = CreatePaymentRequest(**card_order(poor))
        english = refused(lambda: client(self.base, language="en").payment().create_payment(request), "10051", "NOT_SUFFICIENT_FUNDS")
        assert english.error_description != declined.error_description
        failed = self.cg.payment_reporting().search_payments(SearchPaymentsRequest(conversation_id="poor"))
        assert [text(it.payment_status) for it in failed.items] == ["FAILURE"]
        refused(lambda: self.pay(card=Card(card_number=YKB, **{**HOLDER, "expire_year": "2010"})), "4152")
        refused(lambda: self.pay(price=Decimal("99")), "4010")
        refused(lambda: self.cg.payment().retrieve_payment(987654321), "9001")

    def idempotency(self):
        """an idempotency key: the first answer again; another body is refused"""
        def pay(**more):
            request = CreatePaymentRequest(**card_order(**more)).with_header_options(HeaderOptions("key-1"))
            return self.cg.payment().create_payment(request)

        first = pay(conversation_id="once")
        assert pay(conversation_id="once").id == first.id
        refused(lambda: pay(conversation_id="twice"))
        found = self.cg.payment_reporting().search_payments(SearchPaymentsRequest(conversation_id="once"))
        assert found.total_size == 1

    def signatures(self):
        """signatures: a wrong secret and an unknown key are refused"""
        def read(**more):
            return lambda: client(self.base, **more).installment().retrieve_bin_number("525864")

        refused(read(secret_key="wrong"), "1003")
        refused(read(api_key="nobody"), "1000")

    def base_urls(self):
        """base URLs: a named sandbox, a trailing slash, localhost and 127.0.0.1"""
        port = urlsplit(self.base).port
        request = SearchPaymentsRequest(conversation_id="İstanbul + 1/2")
        for host in ("127.0.0.1", "localhost"):
            for path in ("", "/", "/~clients", "/~clients/"):
                there = client(f"http://{host}:{port}{path}")
                made = there.payment().create_payment(CreatePaymentRequest(**card_order(conversation_id="İstanbul + 1/2")))
                assert made.id in [it.id for it in there.payment_reporting().search_payments(request).items], f"{host}{path}"
        apart = client(f"{self.base}/~clients").payment_reporting().search_payments(SearchPaymentsRequest(conversation_id="card-1"))
        assert apart.total_size == 0

    def helpers(self):
        """helpers: the callback's and the webhook's own check"""
        self.verified({
            "status": "SUCCESS", "completeStatus": "WAITING", "paymentId": "5", "conversationData": "",
            "conversationId": "conversation-id", "callbackStatus": "",
            "hash": "a097f0231031a88f2d687b510afca2505ccd2977d6421be4c3784666703f6f25",
        }, paymentId="6")
        # plain texts: with enum members the helper answers False since Python 3.11
        event = WebhookData(event_type="API_VERIFY_AND_AUTH", event_timestamp=1661521221, status="SUCCESS", payload_id="584")
        signature = "0wRB5XqWJxwwPbn5Z9TcbHh8EGYFufSYTsRMB74N094="
        assert self.cg.hook().is_webhook_verified(WEBHOOK_KEY, signature, event)
        assert not self.cg.hook().is_webhook_verified(WEBHOOK_KEY, "no", event)

    def chapters(self):
        """Each chapter: its title and what happens in it."""
        told = [
            self.bins_and_installments, self.masterpass, self.masterpass_three_ds, self.rewards, self.card_read_search,
            self.refund_items, self.cancel, self.marked, self.card_three_ds, self.pre_auth, self.stored_cards, self.marketplace,
            self.hosted_pages, self.hosted_verification, self.multi_payment, self.errors, self.idempotency, self.signatures,
            self.base_urls, self.helpers,
        ]
        return [(it.__doc__, it) for it in told]
