import '../src/config/production';
import 'reflect-metadata';
import pino from 'pino';
import { compose } from '../src/app/compose';
import { loadConfig } from '../src/config/config';
import { loadSigningKey } from '../src/http/authentication/signing-key';
import { createServer } from '../src/http/server';

/**
 * Rolebook that builds its read models anew while it serves, each time it is sent SIGUSR2; says so when it begins and
 * when it has swapped them in.
 */
async function main(): Promise<void> {
  const config = loadConfig();
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const application = await compose(config, { logger, demo: false });
  const server = await createServer({ config, logger, ...application, signingKey: loadSigningKey(config) });
  process.stdout.write(`serves on ${await server.listen()}\n`);
  process.on('SIGUSR2', () => {
    process.stdout.write('rebuilding\n');
    void application.readModels.rebuild().then(() => process.stdout.write('rebuilt\n'));
  });
  process.on('SIGTERM', () => void server.close().then(() => application.close()));
}

void main();
