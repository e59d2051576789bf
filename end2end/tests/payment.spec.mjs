// One payment all the way: from the order to the matched bank line, with two people in two
// browsers, and no card number ever at our own origin.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { as, check, openBrowser, openPage, startPunctual } from "../fixtures.mjs";
import { people } from "../pages.mjs";

const GOOD = "4242424242424242";
const DECLINED = "4000000000000002";
const reference = "Journey-1";
// axe knocks at the gateway's frame, which is of another origin and does not answer; the browser
// remarks on the knock.
const knock = { allow: [/Failed to execute 'postMessage' on 'DOMWindow'/] };

describe("one payment all the way", () => {
  let punctual, browser, finance, checkoutUrl;
  before(async () => {
    punctual = await startPunctual();
    await punctual.seeded();
    browser = await openBrowser();
    const signIn = as(people.finance.email, people.finance.password);
    // Without scripts: every form of the way must work before the browser part is there.
    finance = await openPage(browser, punctual, { signIn, javaScript: false });
  });
  after(async () => {
    await browser?.close();
    await punctual?.close();
  });

  test("finance creates an order", async () => {
    await finance.goto("/orders/new");
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
    const text = await finance.locator("main").innerText();
    for (const wanted of [/Captured/, /49\.90/, /Assets:PSP:stripe:Pending/, /Liabilities:Orders/]) {
      assert.match(text, wanted);
    }
  });

  test("a settlement cycle is imported, and the payment is settled", async () => {
    const payment = finance.url();
    const cycle = await fetch(`${punctual.sandboxUrl}/sandbox/cycle`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    assert.equal(cycle.status, 200);

    const { files } = await (await fetch(`${punctual.sandboxUrl}/sandbox/files`)).json();
    const newest = [".csv", ".xml"].map((end) => files.filter(({ name }) => name.endsWith(end)).at(-1));
    for (const { name } of newest) {
      const body = await (await fetch(`${punctual.sandboxUrl}/sandbox/files/${name}`)).arrayBuffer();
      const file = path.join(punctual.dataDir, name);
      await writeFile(file, Buffer.from(body));
      await finance.goto("/settlement");
        await finance.locator("input[type=file]").setInputFiles(file);
      await finance.getByRole("button", { name: "Import" }).click();
      await finance.waitForURL(/\/settlement\/[0-9a-f-]{36}$/);
      await imported(finance);
    }

    await finance.goto(payment);
    const text = await finance.locator("main").innerText();
    for (const wanted of [/Settled/, /Bank line/, /camt|\.xml/]) assert.match(text, wanted);
  });

  test("the books balance", async () => {
    await finance.goto("/ledger/trial-balance");
    const text = await finance.locator("main").innerText();
    assert.match(text, /difference is 0\.00/);
    assert.doesNotMatch(text, /not balance|off by/i);
  });
});

/** Waits until the import that is open is done, looking again as an impatient person would. */
async function imported(page) {
  for (let tries = 0; tries < 20; tries += 1) {
    const done = page.getByText("Done", { exact: true }).first();
    if (await done.waitFor({ timeout: 3_000 }).then(() => true, () => false)) return;
    await page.reload();
  }
  assert.fail(`the import is not done: ${await page.locator("main").innerText()}`);
}

/** Types a card into the gateway's own fields and pays. */
async function type(page, number) {
  const fields = page.frameLocator("#card iframe");
  await fields.locator("[name=cardnumber]").pressSequentially(number);
  await fields.locator("[name=exp-date]").pressSequentially("1230");
  await fields.locator("[name=cvc]").pressSequentially("123");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: /^Pay/ }).click()]);
}
