import '../src/config/production';
import 'reflect-metadata';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pino from 'pino';
import { compose } from '../src/app/compose';
import { loadConfig } from '../src/config/config';
import { loadSigningKey } from '../src/http/authentication/signing-key';
import { createServer } from '../src/http/server';

/**
 * Rolebook that says at `/held` for how much CPU time its event loop was held at most since it was last asked, in
 * milliseconds. Of the whole process, so that it says rather too much than too little; what others do on the machine is
 * not in it. At `/heap` it says what its heap holds, in MB, once all garbage is collected.
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

async function main(): Promise<void> {
  const config = loadConfig();
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const application = await compose(config, { logger, demo: false });
  const server = await createServer({
    config,
    logger,
    ...application,
    signingKey: loadSigningKey(config),
    routes: (app) => {
      app.get('/held', async () => {
        const held = most;
        most = 0;
        return { held };
      });
      app.get('/heap', async () => {
        collect();
        return { heap: getHeapStatistics().used_heap_size / 1_000_000 };
      });
    },
  });
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
