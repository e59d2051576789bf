// What HR does for others: a day put right unasked, leave entered and ended, terms taken back.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inDays, sunday } from "../days.mjs";
import { as, check, open, openBrowser, openPage, startPunctual } from "../fixtures.mjs";
import { people } from "../pages.mjs";

describe("what HR does for others", () => {
  let punctual, browser, hr, lena;
  const opened = [];
  const signedIn = async (who) => {
    const { email, password } = people[who];
    const page = await openPage(browser, punctual, { signIn: as(email, password) });
    opened.push(page);
    return page;
  };
  before(async () => {
    punctual = await startPunctual();
    await punctual.seeded();
    browser = await openBrowser();
    hr = await signedIn("hr");
    await open(hr, "/attendance/settings/people?search=Lena");
    const href = await hr.getByRole("link", { name: /Lena Brook/ }).first().getAttribute("href");
    [lena] = href.match(/[0-9a-f-]{36}/);
  });
  after(async () => {
    for (const page of opened) await page.context().close();
    await browser?.close();
    await punctual?.close();
  });

  test("a day is put right unasked, and whose day it is reads why and by whom", async () => {
    const date = sunday(2);
    await open(hr, `/attendance/days/${date}?person=${lena}`);
    await hr.getByRole("link", { name: "Correct this day" }).click();
    await hr.locator('[name="form[time][0]"]').fill("10:00");
    await hr.locator('[name="form[time][1]"]').fill("13:00");
    await hr.locator(".correct-preview [role=status]").getByText(/3 h 00 worked/).waitFor();
    await check(hr, "day corrected for somebody");
    await hr.getByRole("button", { name: "Correct the day" }).click();
    await hr.locator("#field-reason-error", { hasText: "Say why" }).waitFor();
    await hr.getByLabel("Why").fill("She told me on Monday");
    await hr.getByRole("button", { name: "Correct the day" }).click();
    await hr.locator(".toast", { hasText: "Day corrected" }).waitFor();
    await hr.getByRole("row").filter({ hasText: "Entered by hand" }).first().waitFor();

    const employee = await signedIn("employee");
    await open(employee, `/attendance/days/${date}`);
    await employee.locator(".number", { hasText: "Worked" }).filter({ hasText: "3 h 00" }).first().waitFor();
    await employee.locator(".request", { hasText: "She told me on Monday" }).waitFor();
    await check(employee, "day that was corrected for her");
  });

  test("leave is entered and ended", async () => {
    await open(hr, `/attendance/leave?person=${lena}`);
    await hr.getByLabel("Kind").selectOption({ label: "Sick leave" });
    await hr.getByLabel("First day", { exact: true }).fill(inDays(-1));
    await hr.getByLabel("Last day").fill(inDays(6));
    await hr.getByLabel("Note").fill("She called this morning");
    await hr.getByRole("button", { name: "Enter leave" }).click();
    await hr.locator(".toast", { hasText: "Entered: Sick leave" }).waitFor();
    const row = hr.getByRole("row").filter({ hasText: "Sick leave" }).filter({ hasText: "entered by" }).first();
    await row.getByRole("button", { name: /^End/ }).click();
    const dialog = hr.locator("dialog[open]");
    await dialog.getByLabel("First day that is no leave any more").fill(inDays(2));
    await check(hr, "leave of somebody with its end", { allow: [/422/] });
    await dialog.getByRole("button", { name: "End leave" }).click();
    await dialog.getByText("Say why").first().waitFor();
    await dialog.getByLabel("Why").fill("She came back");
    await dialog.getByRole("button", { name: "End leave" }).click();
    await hr.locator(".toast", { hasText: "Leave ends on" }).waitFor();
    await hr.getByText(/ended by .*: She came back/).waitFor();
    await check(hr, "leave of somebody that was ended", { allow: [/422/] });
  });

  test("terms are taken back", async () => {
    await open(hr, `/attendance/settings/people/${lena}`);
    await hr.getByLabel("Team").fill("Night desk");
    await hr.getByLabel("All this holds from").fill("2099-01-01");
    await hr.getByRole("button", { name: "Save", exact: true }).click();
    await hr.locator(".toast", { hasText: "Kept; open days" }).waitFor();
    const later = hr.getByRole("row").filter({ hasText: "Night desk" });
    await later.getByRole("button", { name: /^Take back/ }).click();
    const dialog = hr.locator("dialog[open]");
    await check(hr, "terms to be taken back", { allow: [/422/] });
    await dialog.getByRole("button", { name: "Take them back" }).click();
    await later.waitFor({ state: "detached" });
    assert.equal(await hr.getByLabel("Team").inputValue() === "Night desk", false);
  });
});
