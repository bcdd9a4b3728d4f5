import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** The browser of these tests: `ROLEBOOK_CHROME`, the system’s Chromium, or the one from npm. */

const SYSTEM = '/usr/bin/chromium';

/** Starts it. @throws whatever keeps it from starting */
export async function startBrowser() {
  const { ROLEBOOK_CHROME: given } = process.env;
  const own = given || (existsSync(SYSTEM) ? SYSTEM : null);
  const { executable, args } = own === null ? await packaged() : { executable: own, args: ['--no-sandbox'] };
  const browser = await chromium.launch({ executablePath: executable, args, headless: true });
  return { browser, executable };
}

async function packaged() {
  // Read at the import: it has the package bring the libraries that a bare machine lacks.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x';
  const { default: sparticuz } = await import('@sparticuz/chromium');
  return { executable: await sparticuz.executablePath(), args: sparticuz.args };
}
