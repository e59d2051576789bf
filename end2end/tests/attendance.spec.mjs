// Attendance by hand: the clock with and without scripts and without a network, a day that lacks a
// punch and is put right, and days that are none of the reader's business.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { sunday } from "../days.mjs";
import { as, check, open, openBrowser, openPage, startPunctual } from "../fixtures.mjs";
import { people } from "../pages.mjs";

/** `Sunday, 22 November`, as mails write a day. */
function spoken(date) {
  const day = new Date(`${date}T12:00:00Z`);
  const part = (options) => day.toLocaleDateString("en-GB", { ...options, timeZone: "UTC" });
  return `${part({ weekday: "long" })}, ${part({ day: "numeric", month: "long" })}`;
}

const state = (page) => page.locator("#clock-state");

/** Presses a button of the clock and waits for what the clock then says. */
async function press(page, button, says) {
  await page.getByRole("button", { name: button, exact: true }).click();
  await state(page).filter({ hasText: says }).waitFor();
}

/** Whatever was before, the clock says that nobody is at work. */
async function clockedOut(page) {
  await open(page, "/");
  if ((await state(page).innerText()) !== "Clocked out") await press(page, "Clock out", "Clocked out");
}

describe("attendance", () => {
  let punctual, browser;
  const opened = [];
  /** A page of somebody, closed at the end. */
  const signedIn = async (who, options = {}) => {
    const { email, password } = people[who];
    const page = await openPage(browser, punctual, { signIn: as(email, password), ...options });
    opened.push(page);
    return page;
  };
  before(async () => {
    punctual = await startPunctual();
    await punctual.seeded();
    browser = await openBrowser();
  });
  after(async () => {
    for (const page of opened) await page.context().close();
    await browser?.close();
    await punctual?.close();
  });

  test("somebody clocks in, takes a break and clocks out", async () => {
    const page = await signedIn("employee");
    await clockedOut(page);
    await press(page, "Clock in", "Clocked in");
    await page.locator(".toast", { hasText: "Clocked in" }).waitFor();
    await press(page, "Start break", "On a break");
    await press(page, "End break", "Clocked in");
    await check(page, "today clocked in");
    await press(page, "Clock out", "Clocked out");
    assert.match(await page.locator(".band").first().getAttribute("aria-label"), /now \d\d:\d\d/);
  });

  test("a press without a network waits and is delivered", async () => {
    const page = await signedIn("employee");
    await clockedOut(page);
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Clock in", exact: true }).click();
    await page.getByText("Waiting for the network: 1 punch").waitFor();
    await state(page).filter({ hasText: "Clocked in" }).waitFor();
    const kept = () => page.evaluate(() => JSON.parse(localStorage.getItem("punctual.clock.waiting") ?? "[]").length);
    assert.equal(await kept(), 1);

    await page.context().setOffline(false);
    await page.locator(".toast", { hasText: "Delivered: clocked in" }).waitFor();
    await page.getByText("Waiting for the network").waitFor({ state: "detached" });
    await page.locator(".clock-kept", { hasText: "Delivered" }).waitFor();
    assert.equal(await kept(), 0);
    await press(page, "Clock out", "Clocked out");
  });

  test("the clock works without scripts", async () => {
    const page = await signedIn("employee", { javaScript: false });
    await page.goto("/");
    const before = await state(page).innerText();
    const [button, says] = before === "Clocked out" ? ["Clock in", "Clocked in"] : ["Clock out", "Clocked out"];
    await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: button, exact: true }).click()]);
    assert.equal(new URL(page.url()).pathname, "/");
    assert.equal(await state(page).innerText(), says);
  });

  test("a day that lacks a punch is put right", async () => {
    const [employee, manager, hr] = [await signedIn("employee"), await signedIn("manager"), await signedIn("hr")];
    // A Sunday on which nothing has happened yet.
    let date;
    for (let weeks = 1; weeks <= 10 && !date; weeks += 1) {
      await open(employee, `/attendance/days/${sunday(weeks)}`);
      const free = employee.locator(".page-facts", { hasText: "No shift" });
      const quiet = employee.getByRole("heading", { name: "No punches" });
      if ((await free.isVisible()) && (await quiet.isVisible())) date = sunday(weeks);
    }
    assert.ok(date, "there is no free Sunday in ten weeks");

    // At ten or at eleven in New York.
    const told = await hr.request.post("/api/v1/punches", {
      data: {
        punches: [
          {
            clientKey: `e2e-${date}`,
            employee: people.employee.email,
            occurredAt: `${date}T15:00:00Z`,
            zone: "America/New_York",
            direction: "in",
            source: "e2e",
          },
        ],
      },
    });
    assert.ok(told.ok(), await told.text());
    const missing = employee.getByText("Punch out missing");
    for (let tries = 0; tries < 40 && !(await missing.isVisible()); tries += 1) {
      await employee.waitForTimeout(250);
      await open(employee, `/attendance/days/${date}`);
    }
    await missing.waitFor();
    await open(hr, "/attendance/inbox");

    // She is reminded by mail. Its link opens the form at the punch that is missing.
    const admin = await signedIn("admin");
    const reminder = admin.getByRole("link", { name: `Your punch out of ${spoken(date)} is missing` });
    for (let tries = 0; tries < 90 && !(await reminder.first().isVisible()); tries += 1) {
      await admin.waitForTimeout(1000);
      await open(admin, "/admin/mail");
    }
    await reminder.first().click();
    const link = admin.getByText(`/attendance/days/${date}?correct=1`);
    await link.waitFor();
    const [, path] = (await link.innerText()).match(/https?:\/\/[^/]+(\/attendance\S+)/);
    await open(employee, path);
    await employee.waitForFunction(() => document.activeElement?.getAttribute("name") === "form[time][1]");
    await employee.locator('[name="form[time][1]"]').fill("14:30");
    const preview = employee.locator(".correct-preview [role=status]");
    await preview.getByText(/^(Work without a shift|Day off, worked): [34] h 30 worked, balance \+[34] h 30\.$/).waitFor();
    const worked = (await preview.innerText()).match(/[34] h 30/)[0];
    await check(employee, "day with a correction");

    // Without a reason it is refused beside its field.
    await employee.getByRole("button", { name: "Send request" }).click();
    await employee.locator("#field-reason-error", { hasText: "Say why" }).waitFor();
    assert.equal(await employee.locator('[name="form[time][1]"]').inputValue(), "14:30");
    const reason = `I forgot to clock out on ${date}`;
    await employee.getByLabel("Why").fill(reason);
    await employee.getByRole("button", { name: "Send request" }).click();
    await employee.locator(".toast", { hasText: "Request sent" }).waitFor();
    await employee.waitForURL((url) => !url.searchParams.has("correct"));
    await employee.locator(".request", { hasText: "Waits for a decision" }).waitFor();

    // It appears in an inbox that is open, and whoever of the two manages her decides.
    const card = (page) => page.locator(".inbox-card", { hasText: reason });
    await card(hr).waitFor();
    await open(manager, "/attendance/inbox");
    const decider = (await card(manager).count()) > 0 ? manager : hr;
    await check(decider, "inbox with a correction");
    await decider.locator("h1").focus();
    await decider.keyboard.press("j");
    await decider.waitForFunction(() => document.activeElement?.classList.contains("inbox-card"));
    await card(decider).getByLabel("Note").fill("Thank you");
    await card(decider).getByRole("button", { name: "Approve" }).click();
    await decider.locator(".toast", { hasText: "Approved: Lena Brook" }).waitFor();
    await card(decider).waitFor({ state: "detached" });
    await card(hr).waitFor({ state: "detached" });

    // The page of the day, still open, becomes the day as it was previewed.
    await employee.locator(".request", { hasText: "Thank you" }).waitFor();
    await employee.locator(".number", { hasText: "Worked" }).filter({ hasText: worked }).first().waitFor();
    await missing.waitFor({ state: "detached" });
    await employee.getByRole("row").filter({ hasText: "Entered by hand" }).waitFor();
    await check(employee, "day put right", { allow: [/422/] });
  });

  test("a request can be sent without scripts", async () => {
    const page = await signedIn("employee", { javaScript: false });
    await page.goto("/attendance/days/2024-01-08?correct=1");
    await page.locator('[name="form[time][0]"]').fill("09:00");
    await page.locator('[name="form[time][1]"]').fill("12:00");
    const send = () =>
      Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Send request" }).click()]);
    await send();
    assert.match(await page.locator("#field-reason-error").innerText(), /Say why/);
    assert.equal(await page.locator('[name="form[time][0]"]').inputValue(), "09:00");
    await page.getByLabel("Why").fill("The reader was out of order");
    await send();
    assert.equal(new URL(page.url()).search, "");
    assert.match(await page.locator(".request").first().innerText(), /Waits for a decision/);
  });

  test("nobody sees the days of a colleague", async () => {
    const admin = await signedIn("admin");
    await open(admin, "/admin/people?search=Ines");
    const link = await admin.locator("main tbody a").first().getAttribute("href");
    const colleague = link.split("/").pop();
    assert.match(colleague, /^[0-9a-f-]{36}$/);

    const page = await signedIn("employee");
    for (const path of [`/attendance/days/${sunday(1)}?person=${colleague}`, `/attendance/people/${colleague}`]) {
      const answer = await open(page, path);
      assert.equal(answer.status(), 404, path);
      await page.getByRole("heading", { name: "Not found" }).waitFor();
      assert.ok(!(await answer.text()).includes("Ines Falk"), path);
    }
    const answer = await open(page, "/attendance/inbox");
    assert.equal(answer.status(), 403);
  });
});
