// Forms that are sent without scripts, or before these are there, and refused: the browser is led
// back to the form, what was typed stands in it again, and the error is beside its field.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { as, hydrated, openBrowser, openPage, startPunctual } from "../fixtures.mjs";
import { people } from "../pages.mjs";

/** An order with an amount that is refused, by the names of its fields. */
const order = {
  reference: "Refused-1",
  amount: "49.905",
  description: "Probe set </textarea><b>gold</b> & “plated”\nin two lines",
  customer_name: "Werkstatt Lindenau & Söhne",
  customer_email: "einkauf@lindenau.example",
  expires_on: "2099-11-30",
};

describe("a refused form", () => {
  let punctual, browser;
  before(async () => {
    punctual = await startPunctual();
    await punctual.seeded();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await punctual?.close();
  });

  /** Opens a page as somebody, does something there, and closes it. */
  const on = async (who, options, what) => {
    const signIn = who && as(people[who].email, people[who].password);
    const page = await openPage(browser, punctual, { signIn, ...options });
    try {
      await what(page);
    } finally {
      await page.context().close();
    }
  };

  test("a new order keeps its fields without JavaScript", () =>
    on("finance", { javaScript: false }, async (page) => {
      await page.goto("/orders/new");
      await fill(page);
      await send(page, "Create order");
      await keptWithError(page);

      // A second problem takes the place of the first.
      await field(page, "amount").fill("0");
      await send(page, "Create order");
      assert.match(await error(page, "amount"), /more than zero/);
      assert.equal(await field(page, "amount").inputValue(), "0");
      assert.equal(await field(page, "reference").inputValue(), order.reference);
      assert.equal(new URL(page.url()).searchParams.getAll("__err").length, 1);

      const cookies = await page.context().cookies();
      assert.ok(!cookies.some(({ name }) => name.includes("typed")), "the cookie is still there");

      await field(page, "amount").fill("49.90");
      await send(page, "Create order");
      assert.match(page.url(), /\/orders\/[0-9a-f-]{36}$/);
    }));

  test("a new order keeps its fields when the scripts come late", () =>
    on("finance", {}, async (page) => {
      await page.route("**/pkg/*.js", (route) => route.abort());
      await page.goto("/orders/new");
      await fill(page);
      await page.unroute("**/pkg/*.js");
      page.said.length = 0;
      await send(page, "Create order");
      await hydrated(page);
      await keptWithError(page);
      assert.deepEqual(page.said, [], "the page woke up with a complaint");

      // Opened anew, the form is empty and knows of no problem.
      await page.getByRole("link", { name: "Orders", exact: true }).first().click();
      await page.waitForURL(/\/orders$/);
      await page.getByRole("link", { name: "New order" }).click();
      await page.waitForURL(/\/orders\/new$/);
      assert.equal(await field(page, "amount").inputValue(), "");
      assert.equal(await error(page, "amount"), "");
    }));

  test("a person keeps all but the password", () =>
    on("admin", { javaScript: false }, async (page) => {
      await page.goto("/admin/people/new");
      await page.locator("#field-name").fill("Ana Kowalski");
      await page.locator("#field-email").fill("nobody");
      await page.locator("#field-zone").selectOption("Europe/Berlin");
      await page.locator("#field-password").fill("a first password");
      await role(page, "employee").uncheck();
      await role(page, "finance").check();
      await send(page, "Add person");

      assert.match(await page.locator("#field-email-error").innerText(), /e-mail address/);
      assert.equal(await page.locator("#field-name").inputValue(), "Ana Kowalski");
      assert.equal(await page.locator("#field-email").inputValue(), "nobody");
      assert.equal(await page.locator("#field-zone").inputValue(), "Europe/Berlin");
      assert.equal(await role(page, "finance").isChecked(), true);
      assert.equal(await role(page, "employee").isChecked(), false);
      assert.equal(await page.locator("#field-password").inputValue(), "");
      assert.ok(!(await page.content()).includes("a first password"), "the password came back");
    }));

  test("a sign-in keeps the address and never the password", () =>
    on(undefined, { javaScript: false }, async (page) => {
      await page.goto("/sign-in?next=%2Forders");
      await page.locator("#field-email").fill(people.finance.email);
      await page.locator("#field-password").fill("not the right one");
      await send(page, "Sign in");

      assert.match(await page.locator(".problem").innerText(), /do not match/);
      assert.equal(await page.locator("#field-email").inputValue(), people.finance.email);
      assert.equal(await page.locator("#field-password").inputValue(), "");
      assert.ok(!(await page.content()).includes("not the right one"), "the password came back");

      await page.locator("#field-password").fill(people.finance.password);
      await send(page, "Sign in");
      assert.match(page.url(), /\/orders$/);
    }));
});

/** A field of the new order, by the name under which it is sent. */
function field(page, name) {
  return page.locator(`[name="form[${name}]"]`);
}

/** What stands beside a field as its error. */
function error(page, name) {
  return page.locator(`#field-${name}-error`).innerText();
}

function role(page, name) {
  return page.locator(`[name="roles[]"][value="${name}"]`);
}

/** Fills the form of a new order with one that is refused. */
async function fill(page) {
  for (const [name, value] of Object.entries(order)) await field(page, name).fill(value);
  await field(page, "currency").selectOption("GBP");
  await page.locator('[name="form[capture]"][value="manual"]').check();
}

/** The refused order stands in its form, and its error beside the amount alone. */
async function keptWithError(page) {
  assert.match(await error(page, "amount"), /2 decimals/);
  assert.equal(await error(page, "reference"), "");
  assert.equal(await field(page, "amount").getAttribute("aria-invalid"), "true");
  for (const [name, value] of Object.entries(order)) assert.equal(await field(page, name).inputValue(), value);
  assert.equal(await field(page, "currency").inputValue(), "GBP");
  assert.ok(await page.locator('[name="form[capture]"][value="manual"]').isChecked(), "the capture was forgotten");
}

/** Sends the form as browsers do, and waits for the page that answers. */
async function send(page, button) {
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: button }).click()]);
}
