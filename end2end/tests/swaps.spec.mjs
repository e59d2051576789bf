// A swap of shifts by three people: one asks, the colleague agrees, the manager approves, and both see
// their new shifts; then once more without scripts, up to the colleague's no.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inWeek } from "../days.mjs";
import { as, check, open, openBrowser, openPage, startPunctual } from "../fixtures.mjs";
import { people } from "../pages.mjs";

const colleague = { email: "elena.ruiz@aldertree.example", password: people.employee.password };

/** The line of a day on My shifts. */
const line = (page, date) => page.locator(".shift-day", { hasText: words(date) });

/** `Wed 25 Nov`, as pages write it. */
function words(date) {
  const day = new Date(`${date}T12:00:00Z`);
  const part = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(day);
  return `${part({ weekday: "short" })} ${day.getUTCDate()} ${part({ month: "short" }).slice(0, 3)}`;
}

describe("swaps of shifts", () => {
  let punctual, browser;
  const opened = [];
  /** A page of somebody, closed at the end. */
  const signedIn = async ({ email, password }, options = {}) => {
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

  test("a swap goes from the wish to both rosters", async () => {
    const [lena, elena, marta] = [
      await signedIn(people.employee),
      await signedIn(colleague),
      await signedIn(people.manager),
    ];
    const date = inWeek(4, 2);
    const from = `/attendance/shifts?from=${date}`;
    await open(lena, from);
    await check(lena, "my shifts with swaps");
    assert.match(await line(lena, date).innerText(), /09:00–18:00/);
    await open(elena, from);
    const hers = (await line(elena, date).innerText()).match(/\d\d:\d\d–\d\d:\d\d/)[0];
    assert.notEqual(hers, "09:00–18:00");

    await line(lena, date).getByRole("link", { name: /^Swap/ }).click();
    await lena.getByRole("heading", { level: 1, name: `Swap ${words(date)}` }).waitFor();
    const peer = lena.locator(".swap-peer", { hasText: "Elena Ruiz" });
    await peer.getByRole("link").filter({ hasText: "same day" }).click();
    await lena.locator(".swap-card", { hasText: hers }).waitFor();
    await check(lena, "swap with its form");
    await lena.getByLabel("Note").fill("The washing machine comes.");
    await lena.getByRole("button", { name: "Ask Elena Ruiz" }).click();
    await lena.locator(".toast", { hasText: "Elena Ruiz is asked" }).waitFor();
    await lena.waitForURL(/\/attendance\/shifts$/);
    const sent = lena.locator(".swap-card", { hasText: "The washing machine comes." });
    await sent.getByText("Waits for Elena Ruiz").waitFor();

    // The colleague finds it on Today, and agrees.
    await open(elena, "/");
    await elena.getByRole("link", { name: /Lena Brook asks you to swap/ }).click();
    const asked = elena.locator(".swap-card", { hasText: "The washing machine comes." });
    await asked.getByText("Waits for you").waitFor();
    await asked.getByRole("button", { name: "Agree" }).click();
    await elena.locator(".toast", { hasText: "You agree to swap with Lena Brook" }).waitFor();

    // Whoever manages Lena decides.
    await open(marta, "/attendance/inbox");
    const card = marta.locator(".inbox-card", { hasText: "The washing machine comes." });
    await card.waitFor();
    await check(marta, "inbox with swaps");
    await card.getByRole("button", { name: "Approve" }).click();
    await marta.locator(".toast", { hasText: "Approved: Lena Brook and Elena Ruiz" }).waitFor();

    for (const [page, time] of [[lena, hers], [elena, "09:00–18:00"]]) {
      await open(page, from);
      const day = line(page, date);
      assert.ok((await day.innerText()).includes(time), time);
      assert.match(await day.innerText(), /Swapped with/);
    }
    // The roster marks it, and says with whom.
    await open(marta, `/attendance/roster?week=${date}&team=Support`);
    const cell = marta.getByRole("gridcell", { name: /swapped with Elena Ruiz/ });
    await cell.waitFor();
    await cell.click();
    await marta.getByRole("dialog").getByText(/Swapped with Elena Ruiz, approved by Marta Klein/).waitFor();
  });

  test("without scripts it is asked for and declined", async () => {
    const lena = await signedIn(people.employee, { javaScript: false });
    const elena = await signedIn(colleague, { javaScript: false });
    const date = inWeek(5, 3);
    await lena.goto(`/attendance/shifts?from=${date}`);
    await line(lena, date).getByRole("link", { name: /^Swap/ }).click();
    const peer = lena.locator(".swap-peer", { hasText: "Elena Ruiz" });
    await peer.getByRole("link").filter({ hasText: "same day" }).click();
    await lena.getByLabel("Note").fill("Without scripts");
    await lena.getByRole("button", { name: "Ask Elena Ruiz" }).click();
    await lena.locator(".swap-card", { hasText: "Without scripts" }).waitFor();

    await elena.goto("/attendance/shifts");
    const asked = elena.locator(".swap-card", { hasText: "Without scripts" });
    await asked.getByRole("button", { name: "Decline" }).click();
    await lena.goto("/attendance/shifts");
    await lena.locator("summary", { hasText: "Earlier swaps" }).click();
    const ended = lena.locator(".swap-card", { hasText: "Without scripts" });
    await ended.getByText("Declined", { exact: true }).waitFor();
  });
});
