import '../src/config/production';
import 'reflect-metadata';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pino from 'pino';
import { compose } from '../src/app/compose';
import { loadConfig } from '../src/config/config';
import { loadSigningKey } from '../src/http/authentication/signing-key';
import { createServer } from '../src/http/server';

/**
 * Rolebook that says at an address of its own, which it prints, what it takes. `/held`: for how much CPU time its event
 * loop was held at most since it was last asked, in milliseconds. `/cpu`: what CPU time it used so far, in milliseconds.
 * Both are of the whole process, so that they say rather too much than too little; what others do on the machine is not
 * in them. `/heap`: what its heap holds, in MB, once all garbage is collected.
 */
let most = 0;
let last = process.cpuUsage();
const watch = (): void => {
  const { user, system } = process.cpuUsage(last);
  last = process.cpuUsage();
  most = Math.max(most, (user + system) / 1_000);
  setTimeout(watch, 1);
};

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const TOLD: Readonly<Record<string, () => number>> = {
  '/held': () => {
    const held = most;
    most = 0;
    return held;
  },
  '/cpu': () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  '/heap': () => {
    collect();
    return getHeapStatistics().used_heap_size / 1_000_000;
  },
};

/** Routes of the product are those of its table: these are on a server of their own. */
async function told(): Promise<string> {
  const server = createHttpServer(({ url = '' }, response) => void response.end(String(TOLD[url]?.())));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function main(): Promise<void> {
  const config = loadConfig();
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const application = await compose(config, { logger, demo: false });
  const server = await createServer({
    config,
    logger,
    ...application,
    signingKey: loadSigningKey(config),
  });
  process.stdout.write(`is watched at ${await told()}\n`);
  process.stdout.write(`serves on ${await server.listen()}\n`);
  watch();
  process.on('SIGTERM', () => {
    void server
      .close()
      .then(() => application.close())
      .then(() => process.exit());
  });
}

void main();
