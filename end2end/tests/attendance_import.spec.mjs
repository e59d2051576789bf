// What HR keeps: punches from a file, kinds of leave, entries of a balance by hand, and rotations.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inWeek, monday } from "../days.mjs";
import { as, check, hydrated, open, openBrowser, openPage, startPunctual } from "../fixtures.mjs";
import { people } from "../pages.mjs";

describe("what HR keeps", () => {
  let punctual, browser;
  const opened = [];
  /** A page of somebody, closed at the end. */
  const signedIn = async (who, options = {}) => {
    const { email, password } = people[who];
    const page = await openPage(browser, punctual, { signIn: as(email, password), ...options });
    opened.push(page);
    return page;
  };
  /** Sends a file with the form of the page and waits for what it holds. */
  const upload = async (page, name, text) => {
    await page.goto("/attendance/import");
    await page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
    await Promise.all([
      page.waitForURL(/\/attendance\/import\/[0-9a-f-]{36}$/),
      page.getByRole("button", { name: "Look at it" }).click(),
    ]);
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

  /** Two punches of the employee on a Sunday, and lines that cannot be taken. */
  const sunday = inWeek(-1, 6);
  const [year, month, day] = sunday.split("-");
  const table = [
    "Who;When;Door",
    `${people.employee.email};${day}/${month}/${year} 15:00;Yard`,
    `${people.employee.email};${day}/${month}/${year} 18:00;Yard`,
    `nobody@aldertree.example;${day}/${month}/${year} 18:01;Yard`,
    `${people.employee.email};${day}/${month}/${year} tea time;Yard`,
    // A date that can only be read in one way, whatever the day of the test is.
    `${people.employee.email};31/08/2026 15:00;Yard`,
    "",
  ].join("\n");

  test("a file is looked at, told how it is to be read, and taken in once", async () => {
    const hr = await signedIn("hr");
    await upload(hr, "yard.csv", table);
    await hydrated(hr);
    await hr.getByText("It cannot be read like this").waitFor();
    await hr.getByLabel("Who", { exact: true }).selectOption({ label: "E-mail address" });
    await hr.getByLabel("When", { exact: true }).selectOption({ label: "Date and time" });
    await hr.getByLabel("Time zone of the clocks").fill("America/New_York");
    await hr.getByRole("button", { name: "Read it like this" }).click();
    const button = hr.getByRole("button", { name: "Import 3 punches" });
    await button.waitFor();
    await hydrated(hr);
    const main = hr.locator("main");
    assert.match(await main.innerText(), /Line 5[\s\S]*This is not a (date|time of day)/);
    await hr.getByRole("row").filter({ hasText: "Lena Brook" }).filter({ hasText: "15:00:00" }).first().waitFor();
    await check(hr, "punch import with what it holds");
    await button.click();
    await hr.getByText("3 new punches are kept").waitFor();
    await hydrated(hr);
    await check(hr, "punch import with what came of it");

    // The employee's Sunday has work now, unless it lies in last month, which is locked.
    if (sunday.slice(0, 7) !== new Date().toISOString().slice(0, 7)) return;
    const employee = await signedIn("employee");
    const worked = employee.getByText("3 h 00").first();
    await open(employee, `/attendance/days/${sunday}`);
    for (let tries = 0; tries < 40 && !(await worked.isVisible()); tries += 1) {
      await employee.waitForTimeout(250);
      await open(employee, `/attendance/days/${sunday}`);
    }
    await worked.waitFor();
  });

  test("the same file again imports nothing and says so, also without scripts", async () => {
    const hr = await signedIn("hr", { javaScript: false });
    await upload(hr, "yard-again.csv", table);
    await hr.getByText("This file was taken in before").waitFor();
    await hr.getByLabel("Who", { exact: true }).selectOption({ label: "E-mail address" });
    await hr.getByLabel("When", { exact: true }).selectOption({ label: "Date and time" });
    await hr.getByLabel("Time zone of the clocks").fill("America/New_York");
    await Promise.all([
      hr.waitForNavigation(),
      hr.getByRole("button", { name: "Read it like this" }).click(),
    ]);
    await hr.getByText("Nothing in it is new").waitFor();
    assert.match(await hr.locator("main").innerText(), /3 punches are kept already/);
    assert.equal(await hr.getByRole("button", { name: /^Import \d/ }).count(), 0);
    await Promise.all([
      hr.waitForURL(/\/attendance\/import$/),
      hr.getByRole("button", { name: "Forget this file" }).click(),
    ]);
  });

  test("a workbook is refused before anything is kept", async () => {
    const hr = await signedIn("hr");
    await hr.goto("/attendance/import");
    await hr
      .locator("input[type=file]")
      .setInputFiles({ name: "punches.xlsx", mimeType: "text/csv", buffer: Buffer.from("PK\u0003\u0004 and more") });
    await hr.getByRole("button", { name: "Look at it" }).click();
    await hr.getByText("This is a workbook").waitFor();
  });

  test("a new kind of leave can be asked for by an employee", async () => {
    const [hr, employee] = [await signedIn("hr"), await signedIn("employee")];
    await open(hr, "/attendance/settings/leave?kind=new");
    await hr.getByLabel("Name", { exact: true }).fill("Moving house");
    await hr.getByLabel("How it is granted").selectOption({ label: "At the start of each leave year" });
    await hr.getByLabel("How much, for a whole year or month").fill("2");
    await hr.getByLabel("More than there is can be taken, up to").fill("0");
    // What it means is said while it is typed.
    await hr.locator(".kind-told", { hasText: "Whoever is there all year gets 2 days, on 1 January." }).waitFor();
    await hr.getByLabel("How much, for a whole year or month").fill("two");
    await hr.getByRole("button", { name: "Save kind" }).click();
    await hr.getByText("Write days, such as 2 or 2.5.").first().waitFor();
    await hr.getByLabel("How much, for a whole year or month").fill("2");
    await hr.getByRole("button", { name: "Save kind" }).click();
    await hr.locator(".toast", { hasText: "Kind of leave kept" }).waitFor();
    await hr.getByRole("heading", { name: "Moving house" }).waitFor();
    await check(hr, "kind of leave as it is kept", { allow: [/422/] });

    await open(employee, "/attendance/leave");
    await employee.locator(".leave-balance", { hasText: "Moving house" }).locator(".figure-value", { hasText: "2 days" }).waitFor();
    const form = employee.locator("#ask-leave");
    await form.getByLabel("Kind").selectOption({ label: "Moving house" });
    const cost = employee.locator(".leave-cost");
    for (let week = 6; week < 12; week += 1) {
      await form.getByLabel("First day").fill(inWeek(week, 3));
      await employee.waitForTimeout(600);
      if (/Takes 1 day · \d+ h/.test(await cost.innerText())) break;
    }
    await form.getByRole("button", { name: "Ask for leave" }).click();
    await employee.locator(".toast", { hasText: "Asked for" }).waitFor();
    await employee.getByRole("row").filter({ hasText: "Moving house" }).getByText("Waits for a decision").waitFor();

    // Out of use, it is no longer offered; what was asked for stays.
    await hr.getByRole("button", { name: "Take it out of use" }).click();
    await hr.locator(".toast", { hasText: "Taken out of use" }).waitFor();
    await open(employee, "/attendance/leave");
    const offered = await form.getByLabel("Kind").locator("option").allInnerTexts();
    assert.ok(!offered.includes("Moving house"), offered.join());
    await employee.getByRole("row").filter({ hasText: "Moving house" }).first().waitFor();
    await hr.getByRole("button", { name: "Bring it back" }).click();
    await hr.locator(".toast", { hasText: "It can be asked for again" }).waitFor();
  });

  test("an entry by hand changes the balance, and another one takes it back", async () => {
    const hr = await signedIn("hr");
    await open(hr, "/attendance/team");
    await hr.locator(".presence-name a", { hasText: "Lena Brook" }).first().click();
    await hr.getByRole("link", { name: "Leave ledger" }).click();
    await hr.getByRole("heading", { name: "Leave of Lena Brook" }).waitFor();
    await hydrated(hr);
    const annual = hr.locator(".leave-balance", { hasText: "Annual leave" }).locator(".figure-value");
    const before = await annual.innerText();
    const form = hr.locator("#enter-leave");
    await form.getByLabel("Kind").selectOption({ label: "Annual leave" });
    await form.getByLabel("How much").fill("1.5");
    await form.locator(".leave-cost", { hasText: `Left now ${before}` }).waitFor();
    await form.getByRole("button", { name: "Enter" }).click();
    await form.getByText("Say why").first().waitFor();
    await form.getByLabel("Why").fill("Helped at the fair");
    await form.getByRole("button", { name: "Enter" }).click();
    await hr.locator(".toast", { hasText: "before" }).waitFor();
    const days = (words) => Number.parseFloat(words.replace("−", "-"));
    await hr.waitForFunction((before) => {
      const cards = [...document.querySelectorAll(".leave-balance")];
      const annual = cards.find((card) => card.textContent.includes("Annual leave"));
      return annual && annual.querySelector(".figure-value").textContent !== before;
    }, before);
    assert.equal(days(await annual.innerText()), days(before) + 1.5);
    const row = hr.getByRole("row").filter({ hasText: "Helped at the fair" });
    await row.getByText("Granted").waitFor();
    await check(hr, "leave ledger", { allow: [/422/] });

    await row.getByRole("button", { name: /^Take back/ }).click();
    const dialog = hr.locator("dialog[open]");
    await dialog.getByLabel("Why").fill("That was somebody else");
    await dialog.getByRole("button", { name: "Take back" }).click();
    await hr.locator(".toast", { hasText: "Taken back by another entry" }).waitFor();
    await hr.getByRole("row").filter({ hasText: "That was somebody else" }).waitFor();
    await hr.waitForFunction((before) => {
      const cards = [...document.querySelectorAll(".leave-balance")];
      const annual = cards.find((card) => card.textContent.includes("Annual leave"));
      return annual?.querySelector(".figure-value").textContent === before;
    }, before);
  });

  test("a rotation fills the roster", async () => {
    const hr = await signedIn("hr");
    await open(hr, "/attendance/roster");
    await hr.getByRole("link", { name: "Rotations" }).click();
    await hr.getByRole("link", { name: "New rotation" }).first().click();
    await hr.getByRole("heading", { name: "New rotation" }).waitFor();
    await hr.getByLabel("Name", { exact: true }).fill("Three nights");
    await hr.getByLabel("A cycle begins on").fill(monday(0));
    for (const [place, label] of ["N Night", "N Night", "N Night", "Off", "Off", "Off", "Off"].entries()) {
      await hr.getByLabel(`Day ${place + 1}`, { exact: true }).selectOption({ label });
    }
    await hr.getByRole("button", { name: "Save rotation" }).click();
    await hr.locator(".toast", { hasText: "Rotation kept" }).waitFor();
    await hr.getByText("Nobody follows it yet.").waitFor();
    assert.equal(await hr.locator(".rotation-code").first().innerText(), "N");

    await hr.getByLabel("Put onto it").fill("nobody@aldertree.example");
    await hr.getByLabel("From", { exact: true }).fill(monday(3));
    await hr.getByRole("button", { name: "Put onto the rotation" }).click();
    await hr.getByText("Nobody is known by").first().waitFor();
    await hr.getByLabel("Put onto it").fill(people.employee.email);
    await hr.getByRole("button", { name: "Put onto the rotation" }).click();
    await hr.locator(".toast", { hasText: "The roster of 1 person is written" }).waitFor();
    const follower = hr.getByRole("row").filter({ hasText: "Lena Brook" });
    await follower.waitFor();
    await check(hr, "rotation with somebody who follows it", { allow: [/422/] });

    await open(hr, `/attendance/roster?week=${monday(4)}&team=Support`);
    const lena = hr.getByRole("row").filter({ hasText: "Lena Brook" });
    const nights = lena.locator(".roster-time", { hasText: "22:00–06:00" });
    await nights.first().waitFor();
    assert.equal(await nights.count(), 3);

    // Ended, the weeks after it are empty again.
    await hr.goBack();
    await hydrated(hr);
    await follower.getByRole("button", { name: /^End/ }).click();
    const dialog = hr.locator("dialog[open]");
    await dialog.getByLabel("The first day without it").fill(monday(4));
    await dialog.getByRole("button", { name: "End", exact: true }).click();
    await hr.locator(".toast", { hasText: "The roster of 1 person is written" }).waitFor();
    await open(hr, `/attendance/roster?week=${monday(4)}&team=Support`);
    assert.equal(await lena.getByText("22:00–06:00").count(), 0);
  });

  test("everybody can download what is kept of them", async () => {
    const employee = await signedIn("employee");
    await open(employee, "/attendance");
    const href = await employee.getByRole("link", { name: "Download my data" }).getAttribute("href");
    const answer = await employee.request.get(href);
    assert.equal(answer.status(), 200);
    assert.match(answer.headers()["content-disposition"], /attachment/);
    assert.ok((await answer.json()).punches.length > 0);
  });
});
