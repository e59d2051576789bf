// A kiosk from its set-up to a punch: HR adds one, a tablet becomes it, a wrong PIN is refused, many lock
// the number, the right one of somebody else clocks in, and HR sees through what the punch came.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { as, check, hydrated, openBrowser, openPage, startPunctual } from "../fixtures.mjs";
import { people } from "../pages.mjs";

const TABLET = { viewport: { width: 800, height: 1280 }, hasTouch: true };
const [PIN, WRONG] = ["918273", "918274"];

describe("a kiosk", () => {
  let punctual, browser, hr, tablet, lena;
  const opened = [];
  const open = async (options) => {
    const page = await openPage(browser, punctual, options);
    opened.push(page);
    return page;
  };
  /** A page of somebody. */
  const signedIn = ({ email, password }, options = {}) => open({ signIn: as(email, password), ...options });
  before(async () => {
    punctual = await startPunctual();
    await punctual.seeded();
    browser = await openBrowser();
    hr = await signedIn(people.hr);
  });
  after(async () => {
    for (const page of opened) await page.context().close();
    await browser?.close();
    await punctual?.close();
  });

  /** Sets somebody's PIN on the own page; gives page and number. */
  const withPin = async (who) => {
    const page = await signedIn(people[who]);
    await page.goto("/attendance/kiosk");
    await hydrated(page);
    await page.getByLabel("New PIN").fill(PIN);
    await page.getByLabel("The same again").fill(PIN);
    await page.getByRole("button", { name: "Set PIN" }).click();
    await page.locator(".toast", { hasText: "Your PIN is set" }).waitFor();
    return { page, number: await page.locator(".kiosk-number").innerText() };
  };
  /** Types number and PIN at a kiosk and sends them. */
  const enter = async (page, number, pin) => {
    await page.getByLabel("Number", { exact: true }).fill(number);
    await page.getByLabel("PIN", { exact: true }).fill(pin);
    await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Continue" }).click()]);
  };
  /** Presses a button that leads to the next step. */
  const step = (page, name) =>
    Promise.all([page.waitForNavigation(), page.getByRole("button", { name, exact: true }).click()]);

  test("HR adds one, and a tablet becomes it with the code", async () => {
    await hr.goto("/attendance/devices");
    await hydrated(hr);
    await hr.getByRole("button", { name: "Add a kiosk…" }).click();
    const dialog = hr.getByRole("dialog", { name: "Add a kiosk" });
    await dialog.getByRole("button", { name: "Add kiosk", exact: true }).click();
    await dialog.getByText("Give the kiosk a name").last().waitFor();
    await dialog.getByLabel("Name", { exact: true }).fill("Canteen");
    await dialog.getByLabel("Time zone of the place").fill("Europe/Berlin");
    await check(hr, "devices with a new kiosk", { widths: [1440], allow: [/422/] });
    await dialog.getByRole("button", { name: "Add kiosk", exact: true }).click();
    const code = await hr.locator(".kiosk-setup code").innerText();
    assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const row = hr.getByRole("row").filter({ hasText: "Canteen" });
    await row.getByText("Waits to be set up").waitFor();
    await check(hr, "devices with a set-up code", { allow: [/422/] });

    tablet = await open({ context: TABLET });
    await tablet.goto("/kiosk");
    await tablet.getByLabel("Set-up code").fill("AAAA-AAAA");
    await step(tablet, "Set up");
    await tablet.getByText("This set-up code does not work").waitFor();
    await check(tablet, "kiosk refused");
    await tablet.getByLabel("Set-up code").fill(code.toLowerCase());
    await step(tablet, "Set up");
    await tablet.getByRole("heading", { name: "Clock in or out" }).waitFor();
    await tablet.getByText("Canteen").waitFor();
    await check(tablet, "kiosk");
    await row.getByText("Signed in").waitFor();

    // A code works once.
    const other = await open({ context: TABLET });
    await other.goto("/kiosk");
    await other.getByLabel("Set-up code").fill(code);
    await step(other, "Set up");
    await other.getByText("This set-up code does not work").waitFor();
  });

  test("wrong PINs are refused, and five lock the number", async () => {
    const { page, number } = await withPin("finance");
    await page.getByRole("img", { name: "Code for the scanner" }).waitFor();
    await check(page, "at the kiosk with a PIN");
    for (let tries = 0; tries < 5; tries += 1) {
      await enter(tablet, number, WRONG);
      await tablet.getByText("Number and PIN do not match").waitFor();
      assert.equal(await tablet.getByLabel("Number", { exact: true }).inputValue(), "");
    }
    // Even the right one is not looked at now.
    await enter(tablet, number, PIN);
    await tablet.getByText("Too many wrong PINs for this number").waitFor();
    assert.equal(new URL(tablet.url()).search, "?problem=kiosk_number_locked");
    await check(tablet, "kiosk with a locked number");
    await hr.locator(".alarm", { hasText: `wrong PINs for number ${number}` }).waitFor();
  });

  test("somebody else clocks in by the key pad, and HR sees through what", async () => {
    const { page, number } = await withPin("employee");
    lena = page;
    await tablet.goto("/kiosk");
    const pad = tablet.getByRole("group", { name: "Key pad" });
    for (const digit of number) await pad.getByRole("button", { name: digit, exact: true }).click();
    await pad.getByRole("button", { name: "Next" }).click();
    for (const digit of PIN) await pad.getByRole("button", { name: digit, exact: true }).click();
    assert.equal(await tablet.getByLabel("PIN", { exact: true }).getAttribute("type"), "password");
    await Promise.all([tablet.waitForNavigation(), pad.getByRole("button", { name: "Next" }).click()]);

    await tablet.getByRole("heading", { name: "Lena" }).waitFor();
    assert.ok(!(await tablet.content()).includes("Brook"));
    await check(tablet, "kiosk card");
    // Whatever the demo has her do, there is something to press.
    const first = tablet.locator(".kiosk-buttons button").first();
    const said = { in: "Clocked in", out: "Clocked out", break_in: "Break ended" }[await first.getAttribute("value")];
    await Promise.all([tablet.waitForNavigation(), first.click()]);
    await tablet.getByRole("heading", { name: said }).waitFor();
    await check(tablet, "kiosk done", { schemes: ["light"], widths: [360] });
    // It returns by itself, and nothing of her stays, not even on the way back.
    await tablet.getByRole("heading", { name: "Clock in or out" }).waitFor({ timeout: 12_000 });
    assert.equal(new URL(tablet.url()).pathname, "/kiosk");
    assert.ok(!(await tablet.content()).includes("Lena"));

    const month = await page.request.post("/fn/app/api/attendance/month", { form: {} });
    const { id } = (await month.json()).employee;
    // In the small hours, work without a shift belongs to the day before.
    const clock = await page.request.post("/fn/app/api/attendance/clock", { form: {} });
    const { work_date: today } = await clock.json();
    assert.match(today, /^\d{4}-\d{2}-\d{2}$/);
    const row = hr.locator("main").getByRole("row").filter({ hasText: "Canteen" });
    await hr.goto(`/attendance/days/${today}?person=${id}`);
    for (let tries = 0; tries < 40 && !(await row.first().isVisible()); tries += 1) {
      await hr.waitForTimeout(250);
      await hr.reload();
    }
    await row.first().waitFor();
  });

  test("a scanner types a code and Enter, which works once", async () => {
    const answer = await lena.request.post("/fn/app/api/attendance/kiosk_form/kiosk_code", { form: {} });
    const code = (await answer.json()).text;
    await tablet.goto("/kiosk");
    const scan = async (text) => {
      await tablet.getByLabel("Number", { exact: true }).focus();
      await tablet.keyboard.type(text);
      await Promise.all([tablet.waitForNavigation(), tablet.keyboard.press("Enter")]);
    };
    await scan(code);
    await tablet.getByRole("heading", { name: "Lena" }).waitFor();
    await step(tablet, "Not me");
    await scan(code);
    await tablet.getByText("This code has run out or was used").waitFor();
  });

  test("it works without scripts, and no more once it is blocked", async () => {
    await hr.goto("/attendance/devices");
    await hydrated(hr);
    const row = hr.getByRole("row").filter({ hasText: "Canteen" });
    await row.getByRole("button", { name: /^Change/ }).click();
    const dialog = hr.getByRole("dialog", { name: "Kiosk Canteen" });
    await dialog.getByRole("button", { name: "New set-up code" }).click();
    const code = await hr.locator(".kiosk-setup code").innerText();
    // The tablet before it is signed out at once.
    await tablet.goto("/kiosk");
    await tablet.getByLabel("Set-up code").waitFor();

    const plain = await open({ javaScript: false, context: TABLET });
    await plain.goto("/kiosk");
    await plain.getByLabel("Set-up code").fill(code);
    await step(plain, "Set up");
    assert.ok(!(await plain.getByRole("group", { name: "Key pad" }).isVisible()));
    const { number } = await withPin("manager");
    await enter(plain, number, PIN);
    await plain.getByRole("heading", { name: "Marta" }).waitFor();
    await step(plain, "Not me");
    await plain.getByRole("heading", { name: "Clock in or out" }).waitFor();

    await row.getByText("Signed in").waitFor();
    await row.getByRole("button", { name: /^Change/ }).click();
    await dialog.getByRole("button", { name: "Block it" }).click();
    await row.getByText("Blocked").waitFor();
    await enter(plain, number, PIN);
    await plain.getByText("This tablet is no longer a kiosk").waitFor();
    await check(hr, "devices with a blocked kiosk", { widths: [1440], allow: [/422/] });
  });
});
