import { setTimeout as sleep } from 'node:timers/promises';
import { Installation } from './installation';
import { freePort } from '../free-port';

test('a server that is still making its demo lives and is not ready; then it is, at the same address', async () => {
  const installation = new Installation();
  try {
    const port = await freePort();
    const seen: string[] = [];
    let serves = false;
    const watching = (async () => {
      while (!serves) {
        const ready = await fetch(`http://127.0.0.1:${port}/health/ready`).catch((error: unknown) => {
          // Once there is somebody there always is, also where the server takes over.
          if (seen.length > 0) throw error;
          return null;
        });
        if (ready) {
          const { state } = (await ready.json()) as { state: string };
          if (seen.at(-1) !== `${ready.status} ${state}`) seen.push(`${ready.status} ${state}`);
        }
        await sleep(20);
      }
    })();
    const server = await installation.start({ PORT: String(port) });
    expect(server.url).toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    serves = true;
    await watching;
    expect(seen[0]).toBe('503 starting');
  } finally {
    await installation.remove();
  }
});
