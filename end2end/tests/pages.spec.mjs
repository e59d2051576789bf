// Every page of the list in pages.mjs: it answers with its data from the server, wakes up without a
// word on the console, and axe finds nothing, in light and dark, on a telephone and on a desk.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { as, check, hydrated, openBrowser, openPage, startPunctual } from "../fixtures.mjs";
import { pages, people } from "../pages.mjs";

describe("every page", { skip: pages.length === 0 && "no page is listed yet" }, () => {
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

  for (const { path, first, name = path, as: who, status = 200, allow, plain, withoutJavaScript } of pages) {
    const signIn = who && as(people[who].email, people[who].password);

    test(`${name}${who ? ` as ${who}` : ""}`, async () => {
      const page = await openPage(browser, punctual, { signIn });
      try {
        const answer = await page.goto(first ? await firstOf(page, path, first) : path);
        assert.equal(answer.status(), status);
        // Data that the server wrote down as a fault were read for a drawing that it threw away.
        assert.doesNotMatch(await answer.text(), /__RESOLVED_RESOURCES\[\d+\] = "\{\\"Err\\":\{\\"status\\":5/);
        if (!plain) await hydrated(page);
        await check(page, name, { allow });
      } finally {
        await page.context().close();
      }
    });

    if (withoutJavaScript) {
      test(`${name} without JavaScript`, async () => {
        const page = await openPage(browser, punctual, { signIn, javaScript: false });
        try {
          await page.goto(first ? await firstOf(page, path, first) : path);
          assert.match(await page.locator("body").innerText(), new RegExp(withoutJavaScript));
        } finally {
          await page.context().close();
        }
      });
    }
  }
});

/** The address of a list's first row. */
async function firstOf(page, path, first) {
  await page.goto(path);
  const links = page.locator(first === true ? "main tbody a" : first);
  return links.first().getAttribute("href");
}
