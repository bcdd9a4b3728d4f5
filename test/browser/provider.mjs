import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A provider of OpenID Connect on loopback: the one that the tests over HTTP sign in at. */

const PROCESS = path.join(import.meta.dirname, '..', 'end-to-end', 'provider-process.mjs');

export async function startProvider() {
  const child = spawn(process.execPath, [PROCESS], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: issuer } = await lines.next();
  return {
    issuer,
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
