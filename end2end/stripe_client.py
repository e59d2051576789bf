"""Stripe's official client for Python against the sandbox.

A client that others wrote is the judge of whether the sandbox speaks Stripe's language. Each test
makes what it looks at, so they can run in any order and over an old journal. SANDBOX_URL says where
the sandbox is; tests/stripe_client.spec.mjs starts one and runs this.
"""

import json
import os
import queue
import threading
import time
import unittest
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe

SANDBOX = os.environ["SANDBOX_URL"].rstrip("/")
SECRET_KEY = "sk_test_punctual_sandbox_secret"
WAIT_SECONDS = 20


def client(key=SECRET_KEY, retries=0):
    """A client of the sandbox; it tries once unless told otherwise."""
    addresses = {"api": f"{SANDBOX}/stripe"}
    return stripe.StripeClient(key, base_addresses=addresses, max_network_retries=retries).v1


def control(path, body):
    """Asks the sandbox itself, beside Stripe's API."""
    request = urllib.request.Request(
        f"{SANDBOX}{path}", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
        return json.load(answer)


def intent(method=None, amount=10_000, currency="eur", key=None, stripe_api=None, **more):
    """Makes an intent, and pays it when a payment method is given."""
    if method:
        more |= {"payment_method": method, "confirm": True}
    options = {"idempotency_key": key} if key else {}
    api = stripe_api or client()
    return api.payment_intents.create({"amount": amount, "currency": currency, **more}, options)


def fresh_customer():
    """A customer whose list of intents is empty."""
    return client().customers.create({"email": "ada@example.com", "name": "Ada"}).id


class Paying(unittest.TestCase):
    def test_a_card_pays_at_once(self):
        paid = intent(
            "pm_card_visa",
            metadata={"order": "A&1"},
            expand=["latest_charge.balance_transaction"],
        )
        self.assertEqual((paid.status, paid.amount_received), ("succeeded", 10_000))
        self.assertEqual(paid.metadata["order"], "A&1")
        self.assertIs(paid.livemode, False)
        charge = paid.latest_charge
        self.assertIsInstance(charge, stripe.Charge)
        self.assertEqual(charge.payment_method_details.card.last4, "4242")
        movement = charge.balance_transaction
        self.assertIsInstance(movement, stripe.BalanceTransaction)
        self.assertEqual((movement.amount, movement.fee, movement.net), (10_000, 165, 9_835))

    def test_an_intent_is_confirmed_later_with_a_card_of_a_customer(self):
        api, customer = client(), fresh_customer()
        method = api.payment_methods.attach("pm_card_mastercard", {"customer": customer})
        self.assertEqual((method.card.brand, method.customer), ("mastercard", customer))
        made = intent(customer=customer)
        self.assertEqual(made.status, "requires_payment_method")
        paid = api.payment_intents.confirm(made.id, {"payment_method": method.id})
        self.assertEqual((paid.id, paid.status), (made.id, "succeeded"))
        self.assertEqual(api.payment_intents.retrieve(made.id).payment_method, method.id)

    def test_a_part_is_captured_and_the_rest_let_go(self):
        api = client()
        held = intent("pm_card_visa", capture_method="manual")
        self.assertEqual((held.status, held.amount_capturable), ("requires_capture", 10_000))
        taken = api.payment_intents.capture(held.id, {"amount_to_capture": 3_000})
        self.assertEqual((taken.status, taken.amount_received), ("succeeded", 3_000))
        rows = api.balance_transactions.list({"source": taken.latest_charge}).data
        self.assertEqual([row.type for row in rows], ["partial_capture_reversal", "charge"])
        self.assertEqual((sum(r.amount for r in rows), sum(r.fee for r in rows)), (3_000, 67))
        with self.assertRaises(stripe.InvalidRequestError) as again:
            api.payment_intents.capture(held.id)
        self.assertEqual(again.exception.code, "payment_intent_unexpected_state")
        self.assertEqual(again.exception.http_status, 400)

    def test_a_hold_is_cancelled(self):
        held = intent("pm_card_visa", capture_method="manual")
        gone = client().payment_intents.cancel(held.id, {"cancellation_reason": "abandoned"})
        self.assertEqual((gone.status, gone.amount_capturable), ("canceled", 0))
        self.assertEqual(gone.cancellation_reason, "abandoned")
        self.assertIs(client().charges.retrieve(held.latest_charge).captured, False)

    def test_the_bank_wants_to_see_the_customer(self):
        back = "https://shop.example/back"
        asked = intent("pm_card_threeDSecure2Required", return_url=back)
        self.assertEqual(asked.status, "requires_action")
        self.assertEqual(asked.next_action.type, "redirect_to_url")
        self.assertEqual(asked.next_action.redirect_to_url.return_url, back)
        self.assertIn(f"/stripe/challenge/{asked.id}", asked.next_action.redirect_to_url.url)


class Refusals(unittest.TestCase):
    def test_a_declined_card_is_a_card_error(self):
        for method, code, decline in [
            ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
            ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
            ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
            ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ]:
            with self.subTest(method):
                with self.assertRaises(stripe.CardError) as declined:
                    intent(method)
                error = declined.exception
                self.assertEqual((error.http_status, error.code), (402, code))
                self.assertEqual(error.error.decline_code, decline)
                left = error.error.payment_intent
                self.assertEqual(left["status"], "requires_payment_method")
                charge = client().charges.retrieve(error.error.charge)
                self.assertEqual((charge.status, charge.payment_intent), ("failed", left["id"]))
                again = {"payment_method": "pm_card_visa"}
                paid = client().payment_intents.confirm(left["id"], again)
                self.assertEqual(paid.status, "succeeded")

    def test_a_wrong_key_is_an_authentication_error(self):
        with self.assertRaises(stripe.AuthenticationError) as refused:
            client("sk_test_somebody_else").balance.retrieve()
        self.assertEqual(refused.exception.http_status, 401)
        self.assertNotIn("somebody", str(refused.exception))

    def test_what_is_not_there_and_what_is_misspelt_are_invalid_requests(self):
        with self.assertRaises(stripe.InvalidRequestError) as missing:
            client().payment_intents.retrieve("pi_nowhere")
        error = missing.exception
        self.assertEqual((error.http_status, error.code), (404, "resource_missing"))
        with self.assertRaises(stripe.InvalidRequestError) as misspelt:
            intent(amonut=5)
        error = misspelt.exception
        self.assertEqual((error.http_status, error.code), (400, "parameter_unknown"))
        self.assertEqual(error.param, "amonut")
        with self.assertRaises(stripe.InvalidRequestError) as small:
            intent(amount=1)
        error = small.exception
        self.assertEqual((error.code, error.param), ("amount_too_small", "amount"))

    def test_too_many_requests_is_a_rate_limit_error(self):
        control("/sandbox/faults", {"operation": "payouts.list", "kind": "rate_limit"})
        with self.assertRaises(stripe.RateLimitError) as limited:
            client().payouts.list()
        self.assertEqual(limited.exception.http_status, 429)


class Repeating(unittest.TestCase):
    def test_a_key_gives_the_first_answer_again(self):
        key, customer = f"replay-{time.time_ns()}", fresh_customer()
        first = intent("pm_card_visa", key=key, customer=customer)
        again = intent("pm_card_visa", key=key, customer=customer)
        self.assertEqual((again.id, again.latest_charge), (first.id, first.latest_charge))
        self.assertNotIn("idempotent-replayed", first.last_response.headers)
        self.assertEqual(again.last_response.headers["idempotent-replayed"], "true")
        self.assertEqual(again.last_response.idempotency_key, key)
        self.assertEqual(len(client().payment_intents.list({"customer": customer}).data), 1)

    def test_a_decline_is_repeated_as_well(self):
        key, charges = f"decline-{time.time_ns()}", set()
        for _ in range(2):
            with self.assertRaises(stripe.CardError) as declined:
                intent("pm_card_visa_chargeDeclined", key=key)
            charges.add(declined.exception.error.charge)
        self.assertEqual(len(charges), 1)

    def test_a_key_of_another_request_is_an_idempotency_error(self):
        key = f"reused-{time.time_ns()}"
        intent(key=key)
        with self.assertRaises(stripe.IdempotencyError) as reused:
            intent(key=key, amount=20_000)
        self.assertEqual(reused.exception.http_status, 400)

    def test_the_client_asks_again_after_a_lost_answer_and_pays_once(self):
        customer = fresh_customer()
        control("/sandbox/faults", {"operation": "payment_intents.create", "kind": "drop_after"})
        paid = intent("pm_card_visa", customer=customer, stripe_api=client(retries=2))
        self.assertEqual(paid.status, "succeeded")
        self.assertEqual(paid.last_response.headers["idempotent-replayed"], "true")
        made = client().payment_intents.list({"customer": customer}).data
        self.assertEqual([one.id for one in made], [paid.id])

    def test_an_error_of_the_provider_is_an_api_error(self):
        fault = {"operation": "payment_intents.create", "kind": "error_before"}
        control("/sandbox/faults", fault)
        with self.assertRaises(stripe.APIError) as broken:
            intent()
        self.assertEqual(broken.exception.http_status, 500)
        control("/sandbox/faults", fault)
        made = intent(stripe_api=client(retries=2))
        self.assertEqual(made.status, "requires_payment_method")


class Reading(unittest.TestCase):
    def test_a_list_goes_on_over_its_pages(self):
        customer = fresh_customer()
        made = [intent(customer=customer).id for _ in range(7)]
        first = client().payment_intents.list({"customer": customer, "limit": 3})
        self.assertEqual([one.id for one in first.data], made[:3:-1])
        self.assertIs(first.has_more, True)
        self.assertEqual([one.id for one in first.auto_paging_iter()], made[::-1])
        older = client().payment_intents.list(
            {"customer": customer, "limit": 3, "ending_before": made[0]}
        )
        self.assertEqual([one.id for one in older.auto_paging_iter()], made[1:])

    def test_metadata_can_be_searched(self):
        order = f"order-{time.time_ns()}"
        made = intent(metadata={"order": order})
        found = client().payment_intents.search({"query": f"metadata['order']:'{order}'"})
        self.assertEqual([one.id for one in found.auto_paging_iter()], [made.id])


class Money(unittest.TestCase):
    def test_a_charge_is_refunded_in_parts_and_never_too_much(self):
        api = client()
        paid = intent("pm_card_visa")
        part = api.refunds.create(
            {"payment_intent": paid.id, "amount": 2_500, "reason": "requested_by_customer"}
        )
        self.assertEqual((part.status, part.charge), ("succeeded", paid.latest_charge))
        movement = api.balance_transactions.retrieve(part.balance_transaction)
        self.assertEqual((movement.type, movement.net), ("refund", -2_500))
        with self.assertRaises(stripe.InvalidRequestError) as over:
            api.refunds.create({"payment_intent": paid.id, "amount": 7_501})
        self.assertEqual(over.exception.code, "amount_too_large")
        rest = api.refunds.create({"payment_intent": paid.id})
        self.assertEqual(rest.amount, 7_500)
        charge = api.charges.retrieve(paid.latest_charge, {"expand": ["refunds"]})
        self.assertEqual((charge.amount_refunded, charge.refunded), (10_000, True))
        self.assertEqual([one.id for one in charge.refunds.data], [rest.id, part.id])
        with self.assertRaises(stripe.InvalidRequestError) as twice:
            api.refunds.create({"payment_intent": paid.id})
        self.assertEqual(twice.exception.code, "charge_already_refunded")

    def test_what_was_captured_is_paid_out_less_fees_and_refunds(self):
        # In a currency that no other test uses, so that the payout has these movements alone.
        control("/sandbox/cycle", {"currency": "gbp"})
        api = client()
        paid = intent("pm_card_visa", currency="gbp")
        back = api.refunds.create({"payment_intent": paid.id, "amount": 2_500})
        told = control("/sandbox/cycle", {"currency": "gbp"})["payouts"]
        payout = api.payouts.retrieve(told[0]["id"])
        # 100.00 less 1.4 % and 0.20, less the refund.
        self.assertEqual((payout.amount, payout.currency, payout.status), (7_340, "gbp", "paid"))
        self.assertEqual(payout.trace_id["value"], told[0]["traceId"])
        page = api.balance_transactions.list({"payout": payout.id, "limit": 1})
        rows = list(page.auto_paging_iter())
        sources = {row.source: row.net for row in rows}
        expected = {paid.latest_charge: 9_840, back.id: -2_500, payout.id: -7_340}
        self.assertEqual(sources, expected)
        self.assertEqual({row.status for row in rows}, {"available"})
        self.assertEqual(api.payouts.list({"limit": 1}).data[0].id, payout.id)

    def test_a_dispute_takes_the_money_and_evidence_brings_it_back(self):
        api = client()
        paid = intent("pm_card_createDispute")
        opened = api.disputes.list({"payment_intent": paid.id}).data[0]
        self.assertEqual((opened.status, opened.amount), ("needs_response", 10_000))
        self.assertIs(api.charges.retrieve(paid.latest_charge).disputed, True)
        evidence = {"uncategorized_text": "winning_evidence"}
        won = api.disputes.update(opened.id, {"evidence": evidence})
        self.assertEqual(won.status, "won")
        self.assertEqual([row.net for row in won.balance_transactions], [-11_500, 10_000])


class Webhooks(unittest.TestCase):
    def test_an_event_that_was_sent_is_verified(self):
        url, told = self.listen()
        events = ["payment_intent.succeeded"]
        endpoint = client().webhook_endpoints.create({"url": url, "enabled_events": events})
        paid = intent("pm_card_visa", metadata={"order": "Ü-1"})
        body, signature = told.get(timeout=WAIT_SECONDS)
        event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
        self.assertEqual(event.type, "payment_intent.succeeded")
        self.assertEqual(event.data.object.id, paid.id)
        self.assertEqual(event.data.object.metadata["order"], "Ü-1")
        kept = client().events.retrieve(event.id)
        self.assertEqual((kept.type, kept.data.object.id), (event.type, paid.id))

        changed = body.replace(b"10000", b"10001")
        self.assertNotEqual(changed, body)
        for forged, secret in [(changed, endpoint.secret), (body, "whsec_somebody_else")]:
            with self.assertRaises(stripe.SignatureVerificationError):
                stripe.Webhook.construct_event(forged, signature, secret)
        self.assertIs(client().webhook_endpoints.delete(endpoint.id).deleted, True)

    def listen(self):
        """A port of our own: its address, and the queue of bodies and signatures that come in."""
        told = queue.Queue()

        class Listener(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                told.put((body, self.headers["stripe-signature"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/hook", told


if __name__ == "__main__":
    unittest.main()
