// The week of meetings with several people at once: two book the same time in the same moment, a
// third books by keyboard alone, and a weekly meeting keeps its hour when the clocks change.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { monday } from "../days.mjs";
import { as, check, hydrated, openBrowser, openPage, startPunctual } from "../fixtures.mjs";
import { people } from "../pages.mjs";

/** Opens the week page with parameters and waits until it answers. */
async function openWeek(page, parameters) {
  await page.goto(`/meetings?${new URLSearchParams(parameters)}`);
  await hydrated(page);
  await page.getByRole("grid").waitFor();
}

/** Puts somebody over the week by typing a name, and gives back the ids in the address. */
async function add(page, name) {
  const field = page.getByRole("combobox", { name: "Add people" });
  await field.click();
  await field.pressSequentially(name);
  await page.getByRole("option", { name: new RegExp(name) }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("list", { name: "People and rooms in this week" }).getByText(name, { exact: true }).waitFor();
  return new URL(page.url()).searchParams.get("with");
}

/** Opens the form from the grid and gives it a title. */
async function propose(page, title) {
  await page.locator("[role=gridcell][tabindex='0']").focus();
  await page.keyboard.press("Enter");
  const form = page.getByRole("dialog", { name: "Book a meeting" });
  await form.getByLabel("Title").fill(title);
  return form;
}

/** How a booking ended: `booked` or `lost`. */
async function outcome(page) {
  const booked = page.locator(".toast", { hasText: "Booked:" });
  const lost = page.locator("#week-lost");
  await booked.or(lost).first().waitFor();
  return (await lost.count()) > 0 ? "lost" : "booked";
}

const meeting = (page, title) => page.locator("a.week-meeting", { hasText: title });

describe("the week of meetings", () => {
  let punctual, browser, finance, employee, admin;
  before(async () => {
    punctual = await startPunctual();
    await punctual.seeded();
    browser = await openBrowser();
    const signedIn = ({ email, password }) => openPage(browser, punctual, { signIn: as(email, password) });
    [finance, employee, admin] = await Promise.all([people.finance, people.employee, people.admin].map(signedIn));
  });
  after(async () => {
    await browser?.close();
    await punctual?.close();
  });

  test("two book the same time at once: one has it, the other takes another with one key", async () => {
    const week = monday(3);
    await openWeek(finance, { week });
    await add(finance, "Lena Brook");
    await add(finance, "Robert Auer");
    // A time that suits all three, as the page suggests it.
    const best = await finance.locator(".week-suggested a").first().getAttribute("href");
    const at = new URL(best, punctual.url).searchParams.get("at");
    assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/);
    await check(finance, "week with others");

    await openWeek(admin, { week });
    await openWeek(finance, { week });
    const robert = await add(finance, "Robert Auer");
    const address = { week, with: robert, at };
    await Promise.all([finance, employee].map((page) => openWeek(page, address)));
    for (const page of [finance, employee]) {
      assert.match(await page.locator(".week-verdict").innerText(), /free for both/);
    }

    const forms = await Promise.all([propose(finance, "Race of finance"), propose(employee, "Race of employee")]);
    await Promise.all(forms.map((form) => form.getByRole("button", { name: "Book", exact: true }).click()));
    const ends = await Promise.all([outcome(finance), outcome(employee)]);
    assert.deepEqual([...ends].sort(), ["booked", "lost"]);

    const [winner, loser] = ends[0] === "booked" ? [finance, employee] : [employee, finance];
    const [won, lost] = ends[0] === "booked" ? ["Race of finance", "Race of employee"] : ["Race of employee", "Race of finance"];
    await meeting(winner, won).first().waitFor();
    // The third, whose time it is, sees it without a reload.
    await meeting(admin, won).first().waitFor();

    const said = loser.getByRole("alert").filter({ hasText: "Somebody was faster" });
    assert.match(await said.innerText(), /Robert Auer is taken/);
    assert.ok((await loser.locator(".week-lost-slot").count()) > 0, "the slot does not say that it is taken");
    assert.ok((await loser.locator(".week-other").count()) > 0, "nothing else is offered");
    await loser.waitForFunction(() => document.activeElement?.id === "alternative-0");
    await check(loser, "week lost race");

    await loser.locator("#alternative-0").focus();
    await loser.keyboard.press("Enter");
    await loser.locator(".toast", { hasText: "Booked:" }).waitFor();
    await loser.locator(".week-other").first().waitFor({ state: "detached" });
    await meeting(admin, lost).first().waitFor();
  });

  test("a third books by keyboard alone", async () => {
    await openWeek(admin, { week: monday(5) });
    await check(admin, "week");
    for (let tabs = 0; tabs < 120; tabs += 1) {
      await admin.keyboard.press("Tab");
      if ((await admin.evaluate(() => document.activeElement?.getAttribute("role"))) === "gridcell") break;
    }
    const focused = () => admin.evaluate(() => document.activeElement?.id);
    const verdict = admin.locator(".week-verdict");
    const before = await focused();
    assert.match(before, /^cell-\d-\d+$/);

    // To a Saturday, when nobody else asks for anything.
    for (const key of ["End", "ArrowLeft", "ArrowDown"]) await admin.keyboard.press(key);
    await admin.waitForFunction((id) => document.activeElement?.id !== id, before);
    await verdict.getByText(/^Sat \d+ \w{3}, \d\d:\d\d to \d\d:\d\d, /).waitFor();
    const minutes = async () => {
      const [, from, to] = (await verdict.innerText()).match(/(\d\d:\d\d) to (\d\d:\d\d)/);
      const since = (clock) => 60 * Number(clock.slice(0, 2)) + Number(clock.slice(3));
      return since(to) - since(from);
    };
    assert.equal(await minutes(), 30);
    await admin.keyboard.press("Shift+ArrowDown");
    await admin.waitForFunction(() => document.querySelectorAll("[role=gridcell][aria-selected=true]").length === 3);
    assert.equal(await minutes(), 45);
    assert.equal(await admin.locator("[role=gridcell][tabindex='0']").count(), 1);

    await admin.keyboard.press("Enter");
    await admin.waitForFunction(() => document.activeElement?.id === "field-title");
    await admin.keyboard.type("By keyboard");
    await admin.keyboard.press("Enter");
    await admin.locator(".toast", { hasText: "Booked: By keyboard" }).waitFor();
    await meeting(admin, "By keyboard").waitFor();
  });

  test("page down turns the week and keeps the focus in the grid", async () => {
    await openWeek(admin, { week: monday(5) });
    await admin.locator("[role=gridcell][tabindex='0']").focus();
    await admin.keyboard.press("PageDown");
    await admin.waitForURL((url) => url.searchParams.get("week") === monday(6));
    await admin.waitForFunction(() => document.activeElement?.getAttribute("role") === "gridcell");
    await admin.keyboard.press("1");
    await admin.locator(".week-chosen").first().waitFor();
    await admin.keyboard.press("Escape");
    await admin.locator(".week-chosen").first().waitFor({ state: "detached" });
  });

  test("a mouse drags a slot, and a finger taps one", async () => {
    await openWeek(admin, { week: monday(6) });
    const cell = (minute) => admin.locator(`#cell-5-${minute}`);
    await cell(600).scrollIntoViewIfNeeded();
    const [from, to] = [await cell(600).boundingBox(), await cell(645).boundingBox()];
    await admin.mouse.move(from.x + 20, from.y + 3);
    await admin.mouse.down();
    await admin.mouse.move(to.x + 20, to.y + 3, { steps: 6 });
    await admin.mouse.up();
    await admin.locator(".week-verdict").getByText(/10:00 to 11:00/).waitFor();

    const phone = await openPage(browser, punctual, {
      signIn: as(people.admin.email, people.admin.password),
      context: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    });
    try {
      const saturday = new Date(`${monday(6)}T00:00:00Z`);
      saturday.setUTCDate(saturday.getUTCDate() + 5);
      await openWeek(phone, { week: monday(6), day: saturday.toISOString().slice(0, 10) });
      await phone.locator("#cell-5-600").tap();
      await phone.locator(".week-verdict").getByText(/10:00 to 10:30/).waitFor();
      await phone.locator("#cell-5-600").tap();
      await phone.getByRole("dialog", { name: "Book a meeting" }).waitFor();
    } finally {
      await phone.context().close();
    }
  });

  test("a weekly meeting stays at nine when the clocks change", async () => {
    // Sundays, so that the days of 23 and 25 hours are among them: 29 March and 25 October 2026.
    await openWeek(finance, { week: "2026-03-16", day: "2026-03-22", at: "2026-03-22T08:00:00Z" });
    await add(finance, "Miriam Vogt");
    const form = await propose(finance, "Nine on Sundays");
    assert.equal(await form.getByLabel("From").inputValue(), "09:00");
    await form.getByLabel("Repeat").selectOption("weekly");
    await form.getByRole("button", { name: "Book", exact: true }).click();
    await finance.locator(".toast", { hasText: "Booked: Nine on Sundays" }).waitFor();

    for (const week of ["2026-03-16", "2026-03-23", "2026-03-30", "2026-10-12", "2026-10-19", "2026-10-26"]) {
      await openWeek(finance, { week });
      const block = meeting(finance, "Nine on Sundays");
      assert.match(await block.innerText(), /09:00 – 09:30/, week);
      const [drawn, nine] = [await block.boundingBox(), await finance.locator("#cell-6-540").boundingBox()];
      assert.ok(Math.abs(drawn.y - nine.y) < 3, `${week}: drawn at ${drawn.y}, nine is at ${nine.y}`);
      assert.ok(drawn.x >= nine.x - 1 && drawn.x < nine.x + nine.width, `${week}: not on Sunday`);
    }
    // The hour that is skipped has no cells, and the one that comes twice has them twice.
    await openWeek(finance, { week: "2026-03-23", hours: "all" });
    assert.equal(await finance.locator("#cell-6-120").count(), 0);
    assert.equal(await finance.locator("#cell-5-120").count(), 1);
    await openWeek(finance, { week: "2026-10-19", hours: "all" });
    assert.equal(await finance.locator("#cell-6-120-again").count(), 1);
    assert.equal(await finance.locator("#cell-5-120-again").count(), 0);

    // The invitation says the same: nine by the clocks of Berlin, with the rules of that zone.
    const invitation = admin.getByRole("link", { name: /Invitation: Nine on Sundays/ }).first();
    for (let tries = 0; tries < 20 && !(await invitation.isVisible()); tries += 1) {
      await admin.goto("/admin/mail");
      await admin.waitForTimeout(500);
    }
    await invitation.click();
    await admin.waitForURL(/\/admin\/mail\/[0-9a-f-]{36}$/);
    await admin.getByText("METHOD:REQUEST").first().waitFor();
    const text = await admin.locator("main").innerText();
    for (const wanted of [
      "METHOD:REQUEST",
      "BEGIN:VTIMEZONE",
      "DTSTART;TZID=Europe/Berlin:20260322T090000",
      "RRULE:FREQ=WEEKLY",
    ]) {
      assert.ok(text.includes(wanted), `${wanted} is not in the invitation: ${text}`);
    }
  });

  test("one time of a series is declined, and taken back", async () => {
    const saturday = new Date(`${monday(9)}T12:00:00Z`);
    saturday.setUTCDate(saturday.getUTCDate() + 5);
    const at = saturday.toISOString().replace(".000Z", "Z");
    await openWeek(finance, { week: monday(9), day: at.slice(0, 10), at });
    await add(finance, "Robert Auer");
    const form = await propose(finance, "Saturday round");
    await form.getByLabel("Repeat").selectOption("weekly");
    await form.getByRole("button", { name: "Book", exact: true }).click();
    await finance.locator(".toast", { hasText: "Booked: Saturday round" }).waitFor();

    await openWeek(admin, { week: monday(9) });
    await meeting(admin, "Saturday round").click();
    await admin.waitForURL(/\/meetings\/[0-9a-f-]{36}$/);
    await hydrated(admin);
    const second = admin.locator(".times-item").nth(1);
    await second.getByRole("button", { name: /^Decline/ }).click();
    await second.getByText("You: not coming").waitFor();
    assert.equal(await admin.getByText("You: not coming").count(), 1, "other times were declined as well");
    await check(admin, "meeting with one time declined");

    await finance.goto(new URL(admin.url()).pathname);
    await hydrated(finance);
    const seen = finance.locator(".times-item").nth(1);
    await seen.getByText("Robert Auer: not coming").waitFor();

    // His time is his own on that day alone.
    await openWeek(admin, { week: monday(10) });
    assert.match(await meeting(admin, "Saturday round").first().getAttribute("class"), /declined/);
    await admin.goBack();
    await hydrated(admin);
    await second.getByRole("button", { name: /^Accept/ }).click();
    await admin.getByText("You: not coming").waitFor({ state: "detached" });
    await seen.getByText("Robert Auer: not coming").waitFor({ state: "detached" });
  });

  test("without scripts the week is read, turned, and others are put over it", async () => {
    const { email, password } = people.finance;
    const page = await openPage(browser, punctual, { signIn: as(email, password), javaScript: false });
    try {
      await page.goto(`/meetings?week=${monday(3)}`);
      await page.getByRole("link", { name: "Week after" }).click();
      await page.waitForURL((url) => url.searchParams.get("week") === monday(4));
      await page.getByLabel("Add people").fill("Robert");
      await page.getByRole("button", { name: "Find" }).click();
      await page.locator(".week-found-line", { hasText: "Robert Auer" }).click();
      await page.locator(".week-chip", { hasText: "Robert Auer" }).waitFor();
      await page.locator(".week-suggested a").first().click();
      assert.ok((await page.locator(".week-chosen").count()) > 0, "nothing is chosen");
      assert.match(await page.locator(".week-verdict").innerText(), /free for both/);
    } finally {
      await page.context().close();
    }
  });
});
