// One payment all the way: from the order to the matched bank line, with two people in two
// browsers, and no card number ever at our own origin.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { as, check, hydrated, openBrowser, openPage, startPunctual } from "../fixtures.mjs";
import { people } from "../pages.mjs";

const GOOD = "4242424242424242";
const DECLINED = "4000000000000002";
const reference = "Journey-1";
// axe knocks at the gateway's frame, which is of another origin and does not answer; the browser
// remarks on the knock.
const knock = { allow: [/Failed to execute 'postMessage' on 'DOMWindow'/] };

describe("one payment all the way", () => {
  let punctual, browser, finance, checkoutUrl, files;
  before(async () => {
    punctual = await startPunctual();
    await punctual.seeded();
    browser = await openBrowser();
    const signIn = as(people.finance.email, people.finance.password);
    finance = await openPage(browser, punctual, { signIn });
  });
  after(async () => {
    await browser?.close();
    await punctual?.close();
  });

  test("finance creates an order", async () => {
    await finance.goto("/orders/new");
    await hydrated(finance);
    await finance.getByLabel("Reference").fill(reference);
    await finance.getByLabel("Amount").fill("49.90");
    await finance.getByLabel("What is paid for").fill("Probe set, gold plated");
    await finance.getByLabel("Customer's name").fill("Werkstatt Lindenau");
    await finance.getByLabel("Customer's e-mail").fill("einkauf@lindenau.example");
    await finance.getByRole("button", { name: "Create order" }).click();
    await finance.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
    checkoutUrl = await finance.getByRole("link", { name: "Open the customer's page" }).getAttribute("href");
    assert.match(checkoutUrl, /\/pay\/[0-9a-f]{32}$/);
  });

  test("a declined card is told so, and another one pays", async () => {
    const customer = await openPage(browser, punctual);
    const leaks = [];
    const numbers = [GOOD, DECLINED, "4242 4242", "4000 0000"];
    customer.context().on("request", (request) => {
      if (!request.url().startsWith(punctual.url)) return;
      const said = `${request.url()} ${request.postData() ?? ""}`;
      if (numbers.some((number) => said.includes(number) || said.includes(encodeURIComponent(number)))) leaks.push(said);
    });
    try {
      await customer.goto(checkoutUrl);
      assert.match(await customer.locator("h1").innerText(), /49\.90/);
      await check(customer, "checkout", knock);

      await type(customer, DECLINED);
      await customer.getByText("The payment was declined").waitFor();
      await check(customer, "checkout-declined", knock);

      await type(customer, GOOD);
      await customer.getByRole("heading", { name: "Paid" }).waitFor();
      assert.match(await customer.locator("main").innerText(), new RegExp(reference));
      await check(customer, "receipt", knock);
      assert.deepEqual(leaks, [], "a card number came to our origin");
      assert.equal(await customer.locator("input[autocomplete^=cc-]").count(), 0, "our page has a card field");
    } finally {
      await customer.context().close();
    }
  });

  test("finance sees the payment, its history and its entries", async () => {
    await finance.goto(`/payments?search=${reference}&status=captured`);
    await finance.getByRole("link", { name: new RegExp(reference) }).first().click();
    await finance.waitForURL(/\/payments\/[0-9a-f-]{36}$/);
    // Opened from the list, and then as whoever has the address would.
    await finance.reload();
    await hydrated(finance);
    await check(finance, "payment");
    const text = await finance.locator("main").innerText();
    for (const wanted of [/Captured/, /49\.90/, /Assets:PSP:stripe:Pending/, /Liabilities:Orders/]) {
      assert.match(text, wanted);
    }
  });

  test("an administrator runs a settlement cycle and takes its files", async () => {
    const admin = await openPage(browser, punctual, { signIn: as(people.admin.email, people.admin.password) });
    try {
      await admin.goto("/admin/sandbox");
      await hydrated(admin);
      await admin.getByRole("button", { name: "Run a settlement cycle" }).click();
      const outcome = admin.locator(".cycle-outcome");
      await outcome.getByText("Paid out").waitFor();
      files = [];
      for (const link of await outcome.locator("a[download]").all()) {
        const [download] = await Promise.all([admin.waitForEvent("download"), link.click()]);
        const file = path.join(punctual.dataDir, download.suggestedFilename());
        await download.saveAs(file);
        files.push(file);
      }
      assert.ok(files.some((file) => file.endsWith(".csv")) && files.some((file) => file.endsWith(".xml")), `${files}`);
      await check(admin, "sandbox-cycle");
    } finally {
      await admin.context().close();
    }
  });

  test("both files are imported, and the payment is settled", async () => {
    const payment = finance.url();
    for (const file of files) {
      await finance.goto("/settlement");
      await hydrated(finance);
      await finance.locator("input[type=file]").setInputFiles(file);
      await finance.getByRole("button", { name: "Import" }).click();
      await finance.waitForURL(/\/settlement\/[0-9a-f-]{36}$/);
      // By itself: nobody reloads the page.
      await finance.getByText("Done", { exact: true }).first().waitFor({ timeout: 60_000 });
      await check(finance, "import");
    }

    await finance.goto(payment);
    await hydrated(finance);
    const text = await finance.locator("main").innerText();
    for (const wanted of [/Settled/, /Bank line/, /camt|\.xml/]) assert.match(text, wanted);
    await check(finance, "payment-settled");
  });

  test("the books balance", async () => {
    await finance.goto("/ledger/trial-balance");
    const text = await finance.locator("main").innerText();
    assert.match(text, /difference is 0\.00/);
    assert.doesNotMatch(text, /not balance|off by/i);
  });
});

/** Types a card into the gateway's own fields and pays. */
async function type(page, number) {
  const fields = page.frameLocator("#card iframe");
  await fields.locator("[name=cardnumber]").pressSequentially(number);
  await fields.locator("[name=exp-date]").pressSequentially("1230");
  await fields.locator("[name=cvc]").pressSequentially("123");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: /^Pay/ }).click()]);
}
