import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Rolebook as `npm start` starts it, on the demo, in a data folder of its own. */

const ROOT = path.join(import.meta.dirname, '..', '..');

export async function startServer(settings = {}) {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'data-'));
  const environment = { PATH: process.env.PATH, ROLEBOOK_DATA_DIR: directory, ...settings };
  const start = (words, more) =>
    spawn(process.execPath, words, {
      cwd: ROOT,
      env: { ...environment, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  let child;
  let ended;
  const serve = async (port, more = {}) => {
    child = start(['dist/src/app/main.js'], { PORT: port, ROLEBOOK_LOG_LEVEL: 'warn', ...more });
    ended = once(child, 'exit');
    return new Promise((resolve, reject) => {
      let printed = '';
      const read = (chunk) => {
        printed += chunk.toString();
        const link = /(http:\S+\/sign-in\?code=\S+)/.exec(printed)?.[1];
        const url = /serves on (http:\S+)\n/.exec(printed)?.[1];
        // With an issuer there is no link to sign in by.
        if (url && (link || more.ROLEBOOK_OIDC_ISSUER)) resolve({ link, url });
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      void ended.then(([code]) => reject(new Error(`The server ended (${code}):\n${printed}`)));
    });
  };
  const { link, url } = await serve('0');
  const halt = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  /** Prints what a command of the command line prints. */
  const rolebook = async (...words) => {
    const command = start(['bin/rolebook.js', ...words]);
    let printed = '';
    command.stdout.on('data', (chunk) => (printed += chunk.toString()));
    const [code] = await once(command, 'close');
    if (code !== 0) throw new Error(`The command line ended with ${code}.`);
    return printed.trim();
  };
  return {
    url,
    /** The link that it printed. */
    link,
    directory,
    rolebook,
    /** Another link, by the command line. */
    linkFor: (username) => rolebook('console', 'link', username),
    /** Ends the server and leaves its data. */
    halt,
    /** Starts it again on the same data, at the same address; with other settings, if any are given. */
    resume: (more) => serve(new URL(url).port, more),
    async stop() {
      await halt();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
