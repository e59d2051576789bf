// Stripe's official client for Python works against the sandbox. What it does and expects is in
// stripe_client.py; E2E_PYTHON is a Python that has the client, which scripts/setup.sh prepares.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startSandbox } from "../fixtures.mjs";

const python = process.env.E2E_PYTHON;
const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "stripe_client.py");
/** Fewer than this means that the script did not do what it is there for. */
const FEWEST = 20;

describe("Stripe's client for Python", () => {
  let sandbox;
  before(async () => {
    assert.ok(python, "E2E_PYTHON is not set; run make e2e");
    sandbox = await startSandbox();
  });
  after(async () => {
    await sandbox?.close();
  });

  test("does and reads everything that the sandbox has", { timeout: 120_000 }, async () => {
    const child = spawn(python, ["-B", script, "-v"], {
      env: { ...process.env, SANDBOX_URL: sandbox.url, NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stdout.on("data", (chunk) => (said += chunk));
    child.stderr.on("data", (chunk) => (said += chunk));
    const [code] = await once(child, "close");
    assert.equal(code, 0, said);
    const ran = Number(/^Ran (\d+) tests? in /m.exec(said)?.[1]);
    assert.ok(ran >= FEWEST, said);
    assert.match(said, /^OK$/m, said);
  });
});
