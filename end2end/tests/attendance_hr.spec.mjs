// Attendance as those plan and settle it who keep it for others: a night shift by keyboard and by mouse,
// leave from the wish to the calendar, a month that is locked and a punch that comes too late, and a
// device that calls for the first time.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inDays, inWeek, monday } from "../days.mjs";
import { as, check, open, openBrowser, openPage, startPunctual } from "../fixtures.mjs";
import { people } from "../pages.mjs";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `6 Jan`, as pages write it. */
function short(date) {
  return `${Number(date.slice(8))} ${MONTHS[Number(date.slice(5, 7)) - 1]}`;
}

/** Opens a page again and again until something is there: the server works it off meanwhile. */
async function openUntil(page, path, wanted) {
  await open(page, path);
  for (let tries = 0; tries < 40 && !(await wanted.isVisible()); tries += 1) {
    await page.waitForTimeout(250);
    await open(page, path);
  }
  await wanted.waitFor();
}

describe("attendance for others", () => {
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

  test("HR assigns a night shift by keyboard, and another by mouse", async () => {
    const hr = await signedIn("hr");
    await open(hr, `/attendance/roster?week=${monday(8)}&team=Support`);
    await hr.getByRole("grid").waitFor();
    assert.equal(await hr.locator("[role=gridcell][tabindex='0']").count(), 1);
    await hr.locator("#roster-0-0").focus();
    for (const key of ["ArrowDown", "ArrowUp", "ArrowRight"]) await hr.keyboard.press(key);
    await hr.waitForFunction(() => document.activeElement?.id === "roster-0-1");

    await hr.keyboard.press("Enter");
    const dialog = hr.getByRole("dialog", { name: "Assign shifts" });
    await dialog.waitFor();
    await hr.waitForFunction(() => document.activeElement?.getAttribute("type") === "checkbox");
    await check(hr, "roster with its dialog", { widths: [1440] });
    await hr.locator("#assign-shifts input").first().focus();
    // Night and nothing else.
    for (let boxes = 0; boxes < 20; boxes += 1) {
      const box = await hr.evaluate(() => {
        const { checked, labels } = document.activeElement;
        return { checked, label: labels?.[0]?.innerText ?? "" };
      });
      if (!box.label) break;
      if (box.checked !== /Night/.test(box.label)) await hr.keyboard.press("Space");
      await hr.keyboard.press("Tab");
    }
    await hr.keyboard.press("Shift+Tab");
    await hr.keyboard.press("Enter");
    await hr.locator(".toast", { hasText: "Night" }).waitFor();
    await dialog.waitFor({ state: "hidden" });
    const cell = (day) => hr.locator(`#roster-0-${day}`);
    await cell(1).filter({ hasText: "22:00–06:00" }).waitFor();
    await hr.waitForFunction(() => document.activeElement?.id === "roster-0-1");

    // A digit does the same without the dialog; the digits stand in the palette.
    const night = hr.locator(".roster-item", { hasText: "Night" });
    await hr.keyboard.press("ArrowRight");
    await hr.keyboard.press(await night.locator("kbd").innerText());
    await cell(2).filter({ hasText: "22:00–06:00" }).waitFor();
    await hr.waitForFunction(() => !document.querySelector(".roster-cell.is-waiting"));
    assert.match(await cell(2).textContent(), /Night 22:00–06:00/);

    // A mouse drags it.
    const [from, to] = [await night.boundingBox(), await cell(5).boundingBox()];
    await hr.mouse.move(from.x + 8, from.y + from.height / 2);
    await hr.mouse.down();
    await hr.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
    await hr.locator("#roster-0-5.is-over").waitFor();
    await hr.mouse.up();
    await cell(5).filter({ hasText: "22:00–06:00" }).waitFor();

    // What was done is taken back, and stays so after a reload.
    await hr.locator(".toast", { hasText: `Sat ${short(inWeek(8, 5))}` }).getByRole("button", { name: "Undo" }).click();
    await hr.locator(".toast", { hasText: "is as before" }).waitFor();
    await cell(5).filter({ hasNotText: "22:00–06:00" }).waitFor();
    await open(hr, hr.url());
    assert.match(await cell(1).textContent(), /Night 22:00–06:00/);
    assert.doesNotMatch(await cell(5).textContent(), /Night/);
    await check(hr, "roster of a week ahead");
  });

  test("two assign the same day: the second is told and sees what the first did", async () => {
    const [hr, other] = [await signedIn("hr"), await signedIn("hr")];
    // Nothing comes to the second page by itself.
    await other.context().route("**/events", (route) => route.abort());
    const path = `/attendance/roster?week=${monday(9)}&team=Design`;
    await Promise.all([open(hr, path), open(other, path)]);
    const saturday = "#roster-0-5";
    await hr.locator(saturday).focus();
    await hr.keyboard.press("1");
    await hr.locator(".toast", { hasText: "Undo" }).waitFor();
    await hr.waitForFunction(() => !document.querySelector(".roster-cell.is-waiting"));
    await other.locator(saturday).focus();
    await other.keyboard.press("2");
    await other.locator(".toast", { hasText: "changed this meanwhile" }).waitFor();
    const words = await hr.locator(saturday).textContent();
    await other.waitForFunction((words) => document.querySelector("#roster-0-5")?.textContent === words, words);
  });

  test("leave goes from the wish to the calendar of others", async () => {
    const [employee, manager, finance] = [
      await signedIn("employee"),
      await signedIn("manager"),
      await signedIn("finance"),
    ];
    await open(employee, "/attendance/leave");
    const cost = employee.locator(".leave-cost");
    const form = employee.locator("#ask-leave");
    await form.getByLabel("Kind").selectOption({ label: "Annual leave" });
    // A Wednesday that is no holiday and not leave already: the page says what it would cost.
    let day, week;
    for (week = 6; week < 11; week += 1) {
      day = inWeek(week, 2);
      await form.getByLabel("First day").fill(day);
      await cost.getByText(/Takes|no work|leave/i).first().waitFor();
      await employee.waitForTimeout(600);
      if (/Takes 1 day · \d+ h/.test(await cost.innerText())) break;
    }
    assert.match(await cost.innerText(), /Takes 1 day · \d+ h\s+Left then: /);
    await check(employee, "leave with its cost");

    // Before anybody has decided, the calendar of others has the time.
    const at = `${day}T15:00:00Z`;
    const address = async () => {
      await open(finance, `/meetings?${new URLSearchParams({ week: monday(week) })}`);
      const field = finance.getByRole("combobox", { name: "Add people" });
      await field.click();
      await field.pressSequentially("Lena Brook");
      await finance.getByRole("option", { name: /Lena Brook/ }).first().waitFor();
      await finance.keyboard.press("Enter");
      await finance.waitForURL((url) => url.searchParams.has("with"));
      const lena = new URL(finance.url()).searchParams.get("with");
      return `/meetings?${new URLSearchParams({ week: monday(week), with: lena, at })}`;
    };
    const path = await address();
    await open(finance, path);
    assert.doesNotMatch(await finance.locator(".week-verdict").innerText(), /Lena is away/);

    const note = `To see the mountains on ${day}`;
    await form.getByLabel("Note").fill(note);
    await form.getByRole("button", { name: "Ask for leave" }).click();
    await employee.locator(".toast", { hasText: "Asked for" }).waitFor();
    assert.equal(await form.getByLabel("First day").inputValue(), "");
    const row = employee.getByRole("row").filter({ hasText: `Wed ${short(day)}` }).first();
    await row.getByText("Waits for a decision").waitFor();

    await open(manager, "/attendance/inbox");
    // Why it is, HR reads; the manager sees which leave, whose and when.
    const cards = manager.locator(".inbox-card", { hasText: "Lena Brook" });
    const card = cards.filter({ hasText: `Wed ${short(day)}` }).first();
    assert.equal(await manager.getByText(note).count(), 0);
    await card.getByRole("button", { name: "Approve" }).click();
    await manager.locator(".toast", { hasText: "Approved: Lena Brook" }).waitFor();
    // The page of the employee is still open.
    await row.getByText("Approved", { exact: true }).waitFor();

    const away = finance.locator(".week-verdict").getByText(/Lena is away/);
    await openUntil(finance, path, away);

    // Given back, she can be asked again.
    await row.getByRole("button", { name: /^Give back/ }).click();
    const dialog = employee.getByRole("dialog").filter({ hasText: "Annual leave" });
    await dialog.getByRole("button", { name: "Give back" }).click();
    await employee.locator(".toast", { hasText: "given back" }).waitFor();
    await row.getByText("Given back", { exact: true }).waitFor();
    const there = finance.locator(".week-verdict").getByText(/^(?!.*Lena is away).*$/);
    await openUntil(finance, path, there.first());
  });

  test("leave is asked for without scripts", async () => {
    const page = await signedIn("employee", { javaScript: false });
    await page.goto("/attendance/leave");
    await page.getByLabel("First day").fill(inWeek(14, 1));
    await page.getByLabel("Last day").fill(inWeek(13, 1));
    const ask = () =>
      Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Ask for leave" }).click()]);
    await ask();
    await page.getByText("The last day is before the first.").first().waitFor();
    assert.equal(await page.getByLabel("First day").inputValue(), inWeek(14, 1));
    await page.getByLabel("Last day").fill(inWeek(14, 2));
    await ask();
    assert.equal(new URL(page.url()).search, "");
    assert.match(await page.locator("main").innerText(), /Waits for a decision/);
  });

  test("a punch that comes after its month was locked becomes an adjustment", async () => {
    const [hr, admin] = [await signedIn("hr"), await signedIn("admin")];
    // The month before last has no period in the demo, and is over.
    const now = new Date();
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 2, 1));
    const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 0));
    const name = first.toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
    const [from, to] = [first, last].map((day) => day.toISOString().slice(0, 10));
    // Nobody has anything on its last Sunday.
    const sunday = new Date(last);
    sunday.setUTCDate(last.getUTCDate() - last.getUTCDay());
    const date = sunday.toISOString().slice(0, 10);

    await open(hr, "/attendance/periods");
    await hr.getByLabel("First day").fill(from);
    await hr.getByLabel("Last day").fill(to);
    await hr.getByRole("button", { name: "Make period" }).click();
    await hr.locator(".toast", { hasText: "Period made" }).waitFor();
    const period = hr.getByRole("row").filter({ hasText: name });
    await period.getByText("Open", { exact: true }).waitFor();
    await check(hr, "periods with a new one");

    await period.getByRole("button", { name: /^Lock/ }).click();
    const dialog = hr.getByRole("dialog", { name: `Lock ${name}` });
    assert.match(await dialog.innerText(), /in it/);
    await dialog.getByRole("button", { name: `Lock ${name}` }).click();
    await hr.locator(".toast", { hasText: "Locked" }).waitFor();
    await period.getByText("Locked", { exact: true }).waitFor();
    const file = await hr.request.get(await period.getByRole("link", { name: /^CSV/ }).getAttribute("href"));
    assert.equal(file.status(), 200);
    assert.match(file.headers()["content-disposition"], new RegExp(`payroll-${from}-${to}\\.csv`));

    // A program with a token of its own hands the punches in.
    await open(admin, "/admin/tokens/new");
    await admin.getByLabel("Name").fill("Old reader");
    await admin.getByLabel("punches:write").check();
    await admin.getByRole("button", { name: "Make token" }).click();
    const secret = await admin.locator(".token-made code").first().innerText();
    const punch = (hour, direction) => ({
      clientKey: `late-${date}-${direction}`,
      employee: people.employee.email,
      occurredAt: `${date}T${hour}:00:00Z`,
      zone: "America/New_York",
      direction,
      source: "old-reader",
    });
    const tell = () =>
      fetch(`${punctual.url}/api/v1/punches`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        body: JSON.stringify({ punches: [punch("15", "in"), punch("18", "out")] }),
      });
    const told = await tell();
    assert.ok(told.ok, await told.clone().text());
    assert.equal((await told.json()).accepted, 2);
    const again = await tell();
    assert.deepEqual([(await again.json()).duplicates], [2]);

    // It appears on the page that is open, and nothing of the locked day has changed.
    const adjustment = hr.getByRole("row").filter({ hasText: "Lena Brook" }).filter({ hasText: `Sun ${short(date)}` });
    await adjustment.getByText("+3 h 00").waitFor();
    await adjustment.getByText("To be decided").waitFor();
    await adjustment.getByRole("button", { name: /^Decide/ }).click();
    const decide = hr.getByRole("dialog").filter({ hasText: "+3 h 00" });
    await decide.getByRole("button", { name: "Approve" }).click();
    await hr.locator(".toast", { hasText: "Your decision is kept" }).waitFor();
    await adjustment.getByText("Approved", { exact: true }).waitFor();
    await check(hr, "periods with an adjustment");
  });

  test("a device that calls for the first time is accepted, and its badge finds an owner", async () => {
    const hr = await signedIn("hr");
    await open(hr, "/attendance/devices");
    const serial = "E2E0316144680";
    const call = (path, body) =>
      fetch(`${punctual.url}/iclock/${path}`, { method: body ? "POST" : "GET", body, headers: { "user-agent": "iClock Proxy/1.09" } });
    const line = `9001\t${inDays(-2)} 09:00:00\t0\t1\t0\t0\t0\n`;
    await call(`cdata?SN=${serial}&options=all&pushver=2.4.1&language=69`);
    // Until somebody has said whose it is, it keeps what it has.
    const refused = await call(`cdata?SN=${serial}&table=ATTLOG&Stamp=1`, line);
    assert.notEqual(refused.status, 200);

    const device = hr.getByRole("row").filter({ hasText: serial });
    await device.getByText("Waits to be accepted").waitFor();
    await check(hr, "devices with one that waits");
    await device.getByRole("button", { name: /^Accept or block/ }).click();
    const dialog = hr.getByRole("dialog", { name: `Accept device ${serial}` });
    await dialog.getByLabel("Time zone of its clock").fill("Nowhere/Land");
    await dialog.getByRole("button", { name: "Keep" }).click();
    // Both fields are wrong, and each says so.
    await dialog.getByText("Give the device a name").last().waitFor();
    await dialog.getByText("That is no time zone").last().waitFor();
    await dialog.getByLabel("Name", { exact: true }).fill("Side door");
    await dialog.getByLabel("Time zone of its clock").fill("Europe/Berlin");
    await dialog.getByRole("button", { name: "Keep" }).click();
    await hr.locator(".toast", { hasText: "Device kept" }).waitFor();
    await device.getByText("Listened to").waitFor();
    await device.getByText("Side door").first().waitFor();

    const taken = await call(`cdata?SN=${serial}&table=ATTLOG&Stamp=1`, line);
    assert.equal(taken.status, 200);
    assert.match(await taken.text(), /^OK: ?1/);
    const badge = hr.getByRole("row").filter({ hasText: "9001" }).filter({ hasText: "Give to somebody" });
    await openUntil(hr, "/attendance/devices", badge.first());
    await badge.getByRole("button", { name: /^Give to somebody/ }).click();
    const owner = hr.getByRole("dialog", { name: "Whose is badge 9001" });
    await owner.getByLabel("Employee").fill("nobody@aldertree.example");
    await owner.getByRole("button", { name: "Give badge" }).click();
    await owner.getByText("Nobody is known by this").first().waitFor();
    await owner.getByLabel("Employee").fill(people.finance.email);
    await owner.getByRole("button", { name: "Give badge" }).click();
    await hr.locator(".toast", { hasText: "The badge has an owner" }).waitFor();
    await badge.first().waitFor({ state: "detached" });
    await check(hr, "devices", { allow: [/422/] });

    // It is handed on from tomorrow, and given back after that.
    const owned = hr.getByRole("row").filter({ hasText: "9001" }).filter({ hasText: "Hand on" });
    await owned.getByRole("button", { name: /^Hand on/ }).click();
    const hand = hr.getByRole("dialog", { name: "Hand badge 9001 on" });
    await hand.getByLabel("Next owner").fill(people.employee.email);
    await hand.getByLabel("From").fill(inDays(1));
    await check(hr, "badge to be handed on", { allow: [/422/] });
    await hand.getByRole("button", { name: "Hand it on" }).click();
    await hr.locator(".toast", { hasText: "The badge is handed on" }).waitFor();
    const next = hr.getByRole("row").filter({ hasText: "9001" }).filter({ hasText: "Lena Brook" });
    await next.getByRole("button", { name: /^Give back/ }).click();
    const back = hr.getByRole("dialog", { name: "Lena Brook gives badge 9001 back" });
    await back.getByLabel("From").fill(inDays(2));
    await check(hr, "badge to be given back", { widths: [360], allow: [/422/] });
    await back.getByRole("button", { name: "Give it back" }).click();
    await hr.locator(".toast", { hasText: "The badge is given back" }).waitFor();

    // The device is asked for some days again, and hears of it when it polls.
    await device.getByRole("button", { name: /^Ask for a period/ }).click();
    const ask = hr.getByRole("dialog", { name: "Ask Side door for a period" });
    await ask.getByLabel("First day").fill(inDays(-3));
    await ask.getByLabel("Last day").fill(inDays(-1));
    await check(hr, "device to be asked for a period", { allow: [/422/] });
    await ask.getByRole("button", { name: "Ask the device" }).click();
    await hr.locator(".toast", { hasText: "The device is asked" }).waitFor();
    const polled = await call(`getrequest?SN=${serial}`);
    assert.match(await polled.text(), new RegExp(`DATA QUERY ATTLOG StartTime=${inDays(-3)}`));

    // What cannot be read, and what cannot be true, is set aside.
    await call(`cdata?SN=${serial}&table=ATTLOG&Stamp=2`, `9001\tyesterday\t0\t1\t0\t0\t0\n9001\t${inDays(40)} 09:00:00\t0\t1\t0\t0\t0\n`);
    await openUntil(hr, "/attendance/devices/set-aside", hr.getByRole("row").filter({ hasText: "Side door" }).first());
    await check(hr, "set aside with a punch", { allow: [/422/] });
    await hr.getByRole("link", { name: /^Lines/ }).first().click();
    await hr.getByRole("row").filter({ hasText: "yesterday" }).waitFor();
    await check(hr, "set aside with a line", { allow: [/422/] });
  });

  test("somebody gets a number, a site and a manager from a day on", async () => {
    const hr = await signedIn("hr");
    const site = `Harbour ${Date.now()}`;
    await open(hr, "/attendance/settings/sites?site=new");
    await hr.getByLabel("Name").fill(site);
    await hr.getByLabel("Time zone").fill("Europe/Lisbon");
    await hr.getByRole("button", { name: "Save site" }).click();
    await hr.locator(".toast", { hasText: "Site kept" }).waitFor();
    await hr.getByRole("row").filter({ hasText: site }).waitFor();
    await check(hr, "sites with one more");

    await open(hr, "/attendance/settings/people?search=elena.ruiz");
    await hr.getByRole("link", { name: /Elena Ruiz/ }).first().click();
    await hr.getByRole("heading", { name: "Elena Ruiz", level: 1 }).waitFor();
    // A number that is somebody else's is refused at its field, and what was typed stays.
    const number = hr.getByLabel("Employee number");
    const before = await number.inputValue();
    await number.fill("1001");
    await hr.getByRole("button", { name: "Save", exact: true }).click();
    await hr.locator("#field-number-error", { hasText: "Somebody else has this number" }).waitFor();
    assert.equal(await number.inputValue(), "1001");
    await number.fill(before);
    await hr.getByLabel("Site").selectOption({ label: site });
    await hr.getByLabel("All this holds from").fill("2099-01-01");
    await hr.getByRole("button", { name: "Save", exact: true }).click();
    await hr.locator(".toast", { hasText: "Kept; open days" }).waitFor();
    const later = hr.getByRole("row").filter({ hasText: site });
    await later.getByText("Later").waitFor();
    await check(hr, "employee with later terms", { allow: [/422/] });
  });

  test("holidays that cannot be read name their line, and what was typed stays", async () => {
    const hr = await signedIn("hr");
    await open(hr, "/attendance/settings?region=DE-BE");
    const text = hr.locator("#field-text");
    const before = await text.inputValue();
    const lines = before.trimEnd().split("\n").length;
    await text.fill(`${before.trimEnd()}\n24 December Christmas Eve\n`);
    await hr.getByRole("button", { name: "Save holidays" }).click();
    await hr.locator("#field-text-error", { hasText: `Line ${lines + 1}:` }).waitFor();
    assert.match(await text.inputValue(), /24 December Christmas Eve/);
    await text.fill(`${before.trimEnd()}\n2099-12-24 half Christmas Eve\n`);
    await hr.getByRole("button", { name: "Save holidays" }).click();
    await hr.locator(".toast", { hasText: "Holidays kept" }).waitFor();
    await open(hr, "/attendance/settings?region=DE-BE");
    assert.match(await text.inputValue(), /2099-12-24 half Christmas Eve/);
    // Another region has its own text.
    await hr.getByRole("link", { name: "New York" }).click();
    await hr.waitForFunction(() => !document.querySelector("#field-text")?.value.includes("2099-12-24"));
  });

  test("overtime is approved, in part, and taken back", async () => {
    const hr = await signedIn("hr");
    await open(hr, "/attendance/inbox");
    const section = hr.locator(".overtime-form");
    await section.waitFor();
    await check(hr, "inbox with overtime");

    // Nothing chosen is nothing decided.
    await section.getByRole("button", { name: "Approve chosen days" }).click();
    await section.getByText("Choose at least one day.").first().waitFor();

    const row = section.locator(".overtime-day", { has: hr.locator('input[type="number"]') }).first();
    const link = row.locator("a");
    const [name, href] = [await link.innerText(), await link.getAttribute("href")];
    await row.getByRole("checkbox", { name }).check();
    await row.locator('input[type="number"]').fill("1");
    await section.getByLabel("Note").fill("The stocktaking");
    await section.getByRole("button", { name: "Approve chosen days" }).click();
    await hr.locator(".toast", { hasText: "Decided: 1 day" }).waitFor();
    await hr.locator(".overtime-day", { hasText: name }).waitFor({ state: "detached" });

    // The day says who, and lets it be taken back.
    await openUntil(hr, href, hr.getByText(/has approved 1 min of|has approved 1 min/).first());
    await hr.getByText("The stocktaking").waitFor();
    await check(hr, "day with approved overtime", { allow: [/422/] });
    await hr.getByRole("button", { name: "Take the decision back" }).click();
    await hr.locator(".toast", { hasText: "Decision taken back" }).waitFor();
    await openUntil(hr, "/attendance/inbox", hr.locator(".overtime-day", { hasText: name }));
  });

  test("overtime is refused without scripts", async () => {
    const page = await signedIn("hr", { javaScript: false });
    await page.goto("/attendance/inbox");
    const rows = page.locator(".overtime-day");
    const before = await rows.count();
    assert.ok(before > 0, "the demo has overtime that waits");
    await rows.first().locator('[name="form[pick][]"]').check();
    await Promise.all([
      page.waitForNavigation(),
      page.getByRole("button", { name: "Refuse chosen days" }).click(),
    ]);
    assert.equal(new URL(page.url()).pathname, "/attendance/inbox");
    assert.equal(await rows.count(), before - 1);
  });

  test("an exception is explained", async () => {
    const hr = await signedIn("hr");
    await open(hr, "/attendance/exceptions");
    const first = hr.locator("main tbody tr").first();
    const who = await first.getByRole("rowheader").innerText();
    const day = await first.locator("a.num").innerText();
    const row = hr.getByRole("row").filter({ hasText: who }).filter({ hasText: day }).first();
    await row.getByRole("button", { name: /^Explain/ }).click();
    const dialog = hr.locator("dialog[open]");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Say why").first().waitFor();
    await dialog.getByLabel("Why").fill("Agreed with the works council");
    await dialog.getByRole("button", { name: "Save" }).click();
    await hr.locator(".toast", { hasText: "Your note is kept" }).waitFor();
    await hr.getByRole("link", { name: "Explained" }).click();
    await hr.getByRole("row").filter({ hasText: "Agreed with the works council" }).first().waitFor();
  });
});

