import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
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
  const executable = await sparticuz.executablePath();
  nameFonts();
  return { executable, args: sparticuz.args };
}

/**
 * Names the folder of the fonts that the package brings, and those of the system: the package names `/tmp` alone, so that with
 * another folder of temporary files no text would be drawn.
 */
function nameFonts() {
  const folder = path.join(os.tmpdir(), 'fonts');
  const folders = [folder, '/usr/share/fonts', '/usr/local/share/fonts'];
  const lines = [...folders.map((name) => `<dir>${name}</dir>`), `<cachedir>${folder}-cache</cachedir>`];
  const file = path.join(folder, 'fonts.conf');
  writeFileSync(file, `<?xml version="1.0"?>\n<fontconfig>\n${lines.join('\n')}\n</fontconfig>\n`);
  process.env.FONTCONFIG_FILE = file;
}
