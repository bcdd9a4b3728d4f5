import path from 'node:path';
import { ConfigError, masterKeysIn, SETTINGS, type Config } from './config';
import { LOOPBACK } from './loopback';
import { isDeclaredProduction } from './production';
import type { Environment, Setting } from './settings-reader';

/** Settings of a server that keeps nothing and whose secrets anyone can compute: refused where one is meant that lasts. */

/** Settings that say where something is kept, or by which keys. */
const OF_WHAT_LASTS: readonly Setting[] = [
  SETTINGS.dataDirectory,
  SETTINGS.eventStoreUrl,
  SETTINGS.eventStoreUsername,
  SETTINGS.eventStorePassword,
  SETTINGS.streamPrefix,
  SETTINGS.signingKeyFile,
  SETTINGS.masterKeyFile,
];

/**
 * Refuses an environment that is one of production, or that says where data is kept: such a server would keep nothing of it.
 * @throws ConfigError with all faults
 */
export function demandEphemeral(
  { demo, host, oidc }: Config,
  environment: Environment = process.env,
  isProduction: boolean = isDeclaredProduction,
): void {
  const faults = OF_WHAT_LASTS.flatMap(({ name }) => [name, `${name}_FILE`])
    .filter((name) => environment[name]?.trim())
    .map(
      (name) =>
        `${name} is set, and an ephemeral server keeps nothing: unset it, or serve without --ephemeral.`,
    );
  if (isProduction)
    faults.push(
      'NODE_ENV is production, and an ephemeral server is for tests, with secrets that are no secrets.',
    );
  if (oidc !== null)
    faults.push('ROLEBOOK_OIDC_... is set, and an ephemeral server takes its own tokens alone: unset it.');
  else if (!demo) faults.push('ROLEBOOK_DEMO is off, and an ephemeral server is the demo.');
  if (!LOOPBACK.includes(host)) faults.push('HOST would serve an ephemeral server beyond this machine.');
  if (faults.length > 0) throw new ConfigError(faults);
}

/** The settings of a server that has all its files in a folder. */
export const allInFolder = (config: Config, dataDirectory: string): Config => ({
  ...config,
  dataDirectory,
  signingKeyFile: path.join(dataDirectory, 'signing.key'),
  masterKeyFile: masterKeysIn(dataDirectory),
});
