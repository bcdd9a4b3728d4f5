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
  const child = start(['dist/src/app/main.js'], { PORT: '0', ROLEBOOK_LOG_LEVEL: 'warn' });
  const ended = once(child, 'exit');
  const { link, url } = await new Promise((resolve, reject) => {
    let printed = '';
    const read = (chunk) => {
      printed += chunk.toString();
      const link = /(http:\S+\/sign-in\?code=\S+)/.exec(printed)?.[1];
      const url = /serves on (http:\S+)\n/.exec(printed)?.[1];
      if (link && url) resolve({ link, url });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(([code]) => reject(new Error(`The server ended (${code}):\n${printed}`)));
  });
  /** Runs the command line on the data of the server. @returns what it printed */
  const cli = async (...words) => {
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
    cli,
    /** Another link, by the command line. */
    linkFor: (username) => cli('console', 'link', username),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
