import { ConfigError, loadConfig } from '../../src/config/config';
import { allInFolder, demandEphemeral } from '../../src/config/ephemeral';
import type { Environment } from '../../src/config/settings-reader';

/** Settings of a server that keeps nothing: those of one that lasts are refused. */

function faultsOf(environment: Environment, { isProduction = false, host = '127.0.0.1' } = {}): string {
  try {
    demandEphemeral({ ...loadConfig(environment), host }, environment, isProduction);
    return '';
  } catch (error) {
    return (error as ConfigError).faults.join('\n');
  }
}

const SERVER = { EVENTSTOREDB_URL: 'esdb://127.0.0.1:2113' };

test.each([
  ['a data folder', { ROLEBOOK_DATA_DIR: '/srv/rolebook' }, /^ROLEBOOK_DATA_DIR is set/],
  ['a server of events', SERVER, /^EVENTSTOREDB_URL is set/],
  [
    'its user',
    { ...SERVER, EVENTSTOREDB_USERNAME: 'a', EVENTSTOREDB_PASSWORD: 'b' },
    /EVENTSTOREDB_PASSWORD is set/,
  ],
  ['a prefix', { ROLEBOOK_STREAM_PREFIX: 'mine' }, /^ROLEBOOK_STREAM_PREFIX is set/],
  ['a signing key', { ROLEBOOK_SIGNING_KEY_FILE: '/keys/signing.key' }, /^ROLEBOOK_SIGNING_KEY_FILE is set/],
  ['master keys', { ROLEBOOK_MASTER_KEY_FILE: '/keys/master.keys' }, /^ROLEBOOK_MASTER_KEY_FILE is set/],
  ['no demo', { ROLEBOOK_DEMO: 'off' }, /^ROLEBOOK_DEMO is off/],
] as [string, Environment, RegExp][])('%s is refused', (_what, environment, fault) => {
  expect(faultsOf(environment)).toMatch(fault);
});

test('a secret in a file is refused like the secret itself', () => {
  const environment = { EVENTSTOREDB_URL_FILE: '/run/secrets/url' };
  expect(() => demandEphemeral(loadConfig({}), environment, false)).toThrow(/EVENTSTOREDB_URL_FILE is set/);
});

test('production, and an address that others reach, are refused', () => {
  expect(faultsOf({}, { isProduction: true })).toMatch(/^NODE_ENV is production/);
  expect(faultsOf({}, { host: '0.0.0.0' })).toMatch(/^HOST would serve/);
});

test('all other settings are taken', () => {
  expect(faultsOf({ PORT: '0', ROLEBOOK_LOG_LEVEL: 'warn', ROLEBOOK_DEMO: 'on', HOST: 'localhost' })).toBe(
    '',
  );
});

test('all files are in the folder', () => {
  expect(allInFolder(loadConfig({}), '/tmp/a')).toMatchObject({
    dataDirectory: '/tmp/a',
    signingKeyFile: '/tmp/a/signing.key',
    masterKeyFile: '/tmp/a/master.keys',
  });
});
