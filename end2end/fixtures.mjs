// What every browser test starts from: the real program on a port and folder of its own, a browser,
// and the checks that hold for every page.
//
//   const punctual = await startPunctual();             // demo data, sandbox, private database
//   const browser = await openBrowser();
//   const page = await openPage(browser, punctual, { signIn: as(email, password) });
//   await page.goto("/payments");
//   await check(page, "payments");                       // axe, console, screenshot
//
// Give `startPunctual` and `openBrowser` to `after` hooks: both have a `close()`.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
const program = process.env.E2E_BIN ?? path.join(target, "debug", "punctual");
const site = process.env.E2E_SITE ?? path.join(target, "site");
const artifacts = path.join(here, "artifacts");

/** How long a first start may take: it makes a database, migrates it and seeds the demo data. */
const START_MS = 120_000;
/** How long a stop may take before the program is killed. */
const STOP_MS = 15_000;

/** A port that nobody listens on. */
export async function freePort() {
  const server = net.createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Starts the program and waits until it is ready.
 *
 * `demo` (true): demo data and the sandbox. `env`: more environment. `args`: more arguments of
 * `serve`. `dataDir`: keep the data there, to start a second time on them.
 * E2E_URL in the environment names a server that runs already; then nothing is started.
 */
export async function startPunctual({ demo = true, env = {}, args = [], dataDir } = {}) {
  if (process.env.E2E_URL) {
    return { url: process.env.E2E_URL.replace(/\/$/, ""), logs: () => "", close: async () => {}, seeded: async () => {} };
  }
  const folder = dataDir ?? (await temporaryFolder());
  const [port, sandboxPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const child = await launch(["serve", ...(demo ? ["--demo"] : []), ...args], {
    folder,
    keep: Boolean(dataDir),
    ready: `${url}/readyz`,
    env: {
      LEPTOS_OUTPUT_NAME: "punctual",
      LEPTOS_SITE_ROOT: site,
      LEPTOS_SITE_PKG_DIR: "pkg",
      LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
      PUNCTUAL_DATA_DIR: path.join(folder, "data"),
      PUNCTUAL_PUBLIC_URL: url,
      PUNCTUAL_METRICS_ADDR: `127.0.0.1:${metricsPort}`,
      PUNCTUAL_SANDBOX_ADDR: `127.0.0.1:${sandboxPort}`,
      ...env,
    },
  });
  return {
    ...child,
    url,
    sandboxUrl: `http://127.0.0.1:${sandboxPort}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}`,
    dataDir: folder,
    /** Waits until the demo data is complete: months of trade with the clock turned back. */
    seeded: async () => {
      const since = Date.now();
      while (!child.logs().includes("the demo data is complete")) {
        assert.ok(Date.now() - since < START_MS, `the demo data is not complete:\n${child.logs()}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
}

/** Starts the sandbox alone, with an empty memory. Its events for Punctual go nowhere. */
export async function startSandbox() {
  const folder = await temporaryFolder();
  const addr = `127.0.0.1:${await freePort()}`;
  const url = `http://${addr}`;
  const child = await launch(["sandbox", "--addr", addr], {
    folder,
    ready: `${url}/sandbox/health`,
    // A server of a developer's own must not hear of it.
    env: { LEPTOS_SITE_ADDR: `127.0.0.1:${await freePort()}`, PUNCTUAL_DATA_DIR: path.join(folder, "data") },
  });
  return { ...child, url };
}

/**
 * Runs the program in a folder until `close()`, and waits until `ready` answers. The folder goes
 * with it unless `keep` says otherwise.
 */
async function launch(args, { folder, env, ready, keep = false }) {
  assert.ok(existsSync(program), `${program} is not built; run make build`);
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...inherited(), RUST_BACKTRACE: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines = [];
  const hear = (chunk) => {
    lines.push(chunk.toString());
    if (process.env.E2E_LOGS) process.stderr.write(chunk);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  let failure;
  child.on("error", (error) => (failure = error));
  const logs = () => lines.join("");
  // A test that dies takes the program with it.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  const close = async () => {
    process.removeListener("exit", kill);
    if (child.exitCode === null && child.signalCode === null && !failure) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(timer);
    }
    if (!keep) await rm(folder, { recursive: true, force: true });
  };

  const began = Date.now();
  for (;;) {
    if (failure || child.exitCode !== null || child.signalCode !== null) {
      await close();
      throw new Error(`the program ended while starting: ${failure ?? logs()}`);
    }
    if (await answers(ready)) break;
    if (Date.now() - began > START_MS) {
      await close();
      throw new Error(`the program was not ready after ${START_MS / 1000} s:\n${logs()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { pid: child.pid, logs, close };
}

/** Runs `punctual` with arguments and gives back `{ code, stdout, stderr }`. */
export async function runPunctual(args, { env = {}, input } = {}) {
  const child = spawn(program, args, { env: { ...inherited(), ...env }, stdio: "pipe" });
  child.stdin.on("error", () => {}); // it may end before it has read all
  child.stdin.end(input ?? "");
  const out = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (out.stdout += chunk));
  child.stderr.on("data", (chunk) => (out.stderr += chunk));
  const [code] = await once(child, "close");
  return { code, ...out };
}

/** Our environment without what would change the program under test. */
function inherited() {
  const kept = { ...process.env };
  for (const name of Object.keys(kept)) {
    if (/^(PUNCTUAL_(?!PG_)|LEPTOS_|STRIPE_|PAYPAL_|GOOGLE_|MSGRAPH_|DATABASE_URL|SMTP_URL|NATS_URL)/.test(name)) {
      delete kept[name];
    }
  }
  return kept;
}

/** A folder that the database's own user may pass too. */
async function temporaryFolder() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "punctual-e2e-"));
  await chmod(folder, 0o755);
  return folder;
}

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

/** Starts the machine's own Chromium. CHROMIUM names another program. */
export async function openBrowser(options = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: !process.env.E2E_HEADED,
    args: [
      "--no-sandbox", // its own sandbox does not work as root or in a container
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
    ...options,
  });
}

/**
 * A page in a context of its own (no cookies of others) that keeps what its console and network
 * said. `signIn`: `async (page) => …`, done first. `javaScript: false` for pages that must work
 * without. `context`: more options of Playwright's context.
 */
export async function openPage(browser, punctual, { signIn, javaScript = true, context = {} } = {}) {
  const opened = await browser.newContext({
    baseURL: punctual.url,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    javaScriptEnabled: javaScript,
    reducedMotion: "reduce",
    viewport: { width: 1440, height: 900 },
    ...context,
  });
  opened.setDefaultTimeout(15_000);
  const page = await opened.newPage();
  page.said = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.said.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => page.said.push(`error: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 500) page.said.push(`error: ${response.status()} ${response.url()}`);
  });
  if (signIn) await signIn(page);
  return page;
}

/** Fills the sign-in form with an address and a password and waits until we are in. */
export function as(email, password) {
  return async (page) => {
    await page.goto("/sign-in");
    await page.locator("input[type=email]").fill(email);
    await page.locator("input[type=password]").fill(password);
    await Promise.all([
      page.waitForURL((url) => !url.pathname.startsWith("/sign-in")),
      page.locator("form button[type=submit]").first().click(),
    ]);
  };
}

/** Opens a page and waits until it answers to the hand. */
export async function open(page, path) {
  const answer = await page.goto(path);
  await hydrated(page);
  return answer;
}

/** Waits until the page is awake: the browser part has attached to the server's HTML. */
export async function hydrated(page) {
  await page.waitForFunction(() => document.documentElement.dataset.hydrated !== undefined);
}

const WIDTHS = [360, 1440];
const SCHEMES = ["light", "dark"];
let axeSource;

/**
 * Holds a page against what is true of every page: nothing said on the console, no fault found by
 * axe, nothing wider than the window; light and dark, on a telephone and on a desk. `allow`: what
 * its console may say (regular expressions), for pages that show an error on purpose.
 */
export async function check(page, name, { allow = [], widths = WIDTHS, schemes = SCHEMES } = {}) {
  const before = page.viewportSize();
  const faults = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 600 ? 740 : 900 });
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme });
      const where = `${name} ${width} ${scheme}`;
      for (const fault of await axe(page)) faults.push(`${where}: ${fault}`);
      const over = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      if (over > 0) faults.push(`${where}: ${over} px wider than the window`);
      await shot(page, `${name}-${width}-${scheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
  for (const line of page.said ?? []) {
    // A hint about speed, which depends on what else the machine does.
    if (/preloaded using link preload but not used within a few seconds/.test(line)) continue;
    if (!allow.some((pattern) => pattern.test(line))) faults.push(`${name}: console ${line}`);
  }
  assert.ok(faults.length === 0, `${faults.length} faults\n${faults.join("\n")}`);
}

/** The faults that axe finds, one line each. */
export async function axe(page) {
  // Evaluated over the debugging protocol, so a strict content policy does not stop it.
  axeSource ??= await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, {
      resultTypes: ["violations"],
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return violations.flatMap((rule) =>
    rule.nodes.map(
      (node) => `axe ${rule.id}: ${rule.help}: ${node.target.join(" ")} (${node.failureSummary.split("\n").pop().trim()})`,
    ),
  );
}

/** Keeps a screenshot when E2E_SHOTS is set. */
export async function shot(page, name) {
  if (!process.env.E2E_SHOTS) return;
  await mkdir(artifacts, { recursive: true });
  await page.screenshot({ path: path.join(artifacts, `${name.replace(/[^\w.-]+/g, "-")}.png`), fullPage: true });
}
