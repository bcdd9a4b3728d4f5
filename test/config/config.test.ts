import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig, namesServer, SETTINGS } from '../../src/config/config';
import { faultsOf } from './faults';

describe('Settings', () => {
  test('none is needed', () => {
    expect(loadConfig({})).toMatchObject({ port: 4000, host: '127.0.0.1', eventStoreUrl: null, demo: true });
  });

  test('the catalogue of the package is found from any folder', () => {
    const folder = process.cwd();
    process.chdir(os.tmpdir());
    try {
      expect(existsSync(loadConfig({}).catalogueFile)).toBe(true);
      expect(loadConfig({ ROLEBOOK_CATALOGUE: 'mine.json' }).catalogueFile).toBe(path.resolve('mine.json'));
    } finally {
      process.chdir(folder);
    }
  });

  test('all faults are told at once', () => {
    const faults = faultsOf({
      PORT: 'x',
      ROLEBOOK_DEMO: 'yes',
      ROLEBOOK_LOG_LEVEL: 'loud',
      ROLEBOOK_DMEO: 'off',
    });
    expect(faults).toHaveLength(4);
    expect(faults.join()).toMatch(/PORT.*ROLEBOOK_DEMO.*ROLEBOOK_LOG_LEVEL.*ROLEBOOK_DMEO/s);
  });

  test('the schema that is written is that of all readers, unless a number says otherwise', () => {
    expect(loadConfig({}).writeSchema).toBeNull();
    expect(loadConfig({ ROLEBOOK_WRITE_SCHEMA: '2' }).writeSchema).toBe(2);
    for (const value of ['0', 'two', '1.5', '-1'])
      expect(faultsOf({ ROLEBOOK_WRITE_SCHEMA: value })).toEqual([
        expect.stringContaining('ROLEBOOK_WRITE_SCHEMA'),
      ]);
  });

  test('proxies are named by address or block', () => {
    expect(loadConfig({}).trustedProxies).toEqual([]);
    const given = '10.0.0.0/8, 192.168.1.7,2001:db8::/32';
    expect(loadConfig({ ROLEBOOK_TRUSTED_PROXIES: given }).trustedProxies).toEqual([
      '10.0.0.0/8',
      '192.168.1.7',
      '2001:db8::/32',
    ]);
    for (const value of [
      'proxy',
      '10.0.0.0/33',
      '0.0.0.0/0',
      '::/0',
      '10.0.0',
      '2001:db8::/129',
      '10.0.0.0/8/8',
      'true',
      '*',
    ])
      expect([value, faultsOf({ ROLEBOOK_TRUSTED_PROXIES: value })]).toEqual([
        value,
        [expect.stringContaining('ROLEBOOK_TRUSTED_PROXIES')],
      ]);
  });

  test('limits are off on this machine alone, and leave room for the largest request', () => {
    expect(loadConfig({})).toMatchObject({ rateLimit: 0, costLimit: 0, introspection: true });
    expect(loadConfig({ ROLEBOOK_RATE_LIMIT: '5', ROLEBOOK_COST_LIMIT: '20000' })).toMatchObject({
      rateLimit: 5,
      costLimit: 20_000,
    });
    expect(faultsOf({ ROLEBOOK_COST_LIMIT: '19999' })).toEqual([
      expect.stringContaining('ROLEBOOK_MAX_QUERY_COST'),
    ]);
    expect(faultsOf({ ROLEBOOK_RATE_LIMIT: 'many' })).toEqual([
      expect.stringContaining('ROLEBOOK_RATE_LIMIT'),
    ]);
  });

  test('metrics have an address or a token of their own', () => {
    expect(loadConfig({})).toMatchObject({ metricsAddress: null, metricsToken: null });
    const addressOf = (value: string) => loadConfig({ ROLEBOOK_METRICS_ADDRESS: value }).metricsAddress;
    expect(addressOf('127.0.0.1:9464')).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(addressOf('[::1]:0')).toEqual({ host: '::1', port: 0 });
    for (const value of ['9464', ':9464', '127.0.0.1', '::1:9464', 'host:99999', 'http://host:1'])
      expect([value, faultsOf({ ROLEBOOK_METRICS_ADDRESS: value })]).toEqual([
        value,
        [expect.stringContaining('ROLEBOOK_METRICS_ADDRESS')],
      ]);
    const faults = faultsOf({ ROLEBOOK_METRICS_TOKEN: 'too short' });
    expect(faults).toEqual([expect.stringContaining('ROLEBOOK_METRICS_TOKEN')]);
    expect(faults.join()).not.toContain('too short');
  });

  test('origins are named as browsers name them, each whole', () => {
    expect(loadConfig({}).allowedOrigins).toEqual([]);
    const given = 'https://a.example.com, http://localhost:5173,https://a.example.com';
    expect(loadConfig({ ROLEBOOK_ALLOWED_ORIGINS: given }).allowedOrigins).toEqual([
      'https://a.example.com',
      'http://localhost:5173',
    ]);
    for (const value of [
      '*',
      'null',
      'a.example.com',
      'https://*.example.com',
      'https://a.example.com/',
      'https://a.example.com:443',
      'https://A.example.com',
      'file:///',
      'ftp://a.example.com',
      'https://a.example.com https://b.example.com',
    ])
      expect(faultsOf({ ROLEBOOK_ALLOWED_ORIGINS: value })).toEqual([
        expect.stringContaining('ROLEBOOK_ALLOWED_ORIGINS'),
      ]);
  });

  test('another host than this machine is refused', () => {
    expect(faultsOf({ HOST: '0.0.0.0' })).toEqual([expect.stringContaining('127.0.0.1')]);
    expect(faultsOf({ HOST: 'localhost' })).toEqual([]);
  });

  test('a secret may stand in a file, and is told by no fault', () => {
    const file = path.join(os.tmpdir(), `rolebook-url-${process.pid}`);
    writeFileSync(file, 'esdb://admin:changeit@localhost:2113?tls=false\n');
    expect(loadConfig({ EVENTSTOREDB_URL_FILE: file }).eventStoreUrl).toBe(
      'esdb://admin:changeit@localhost:2113?tls=false',
    );
    expect(faultsOf({ EVENTSTOREDB_URL_FILE: file, EVENTSTOREDB_URL: 'esdb://other' })).toHaveLength(1);
    expect(faultsOf({ EVENTSTOREDB_URL: 'http://admin:secret@x' }).join()).not.toContain('secret');
  });

  test.each(['esdb://a:2113', 'kurrentdb://a:2113?tls=false', 'kurrentdb+discover://log'])(
    '%s is a server, in the settings and where a command names a log',
    (address) => {
      expect(loadConfig({ EVENTSTOREDB_URL: address }).eventStoreUrl).toBe(address);
      expect(namesServer(address)).toBe(true);
      expect(namesServer(`./${address}`)).toBe(false);
      const twice = faultsOf({
        EVENTSTOREDB_URL: address.replace('://', '://a:hidden@'),
        EVENTSTOREDB_USERNAME: 'rolebook',
        EVENTSTOREDB_PASSWORD: 'secret',
      });
      expect(twice).toHaveLength(1);
      expect(twice.join()).not.toMatch(/hidden|secret/);
    },
  );

  test('who connects to EventStoreDB is said once, and whole', () => {
    const EVENTSTOREDB_URL = 'esdb://localhost';
    const both = { EVENTSTOREDB_USERNAME: 'rolebook', EVENTSTOREDB_PASSWORD: 'secret' };
    expect(loadConfig({ EVENTSTOREDB_URL, ...both })).toMatchObject({
      eventStoreUsername: 'rolebook',
      eventStorePassword: 'secret',
    });
    expect(faultsOf({ EVENTSTOREDB_URL, EVENTSTOREDB_USERNAME: 'rolebook' })).toHaveLength(1);
    const twice = faultsOf({ EVENTSTOREDB_URL: 'esdb://a:hidden@localhost', ...both });
    expect(twice).toHaveLength(1);
    expect(twice.join()).not.toMatch(/hidden|secret/);
  });

  test('a moment is one of the calendar, in UTC', () => {
    const until = (text: string) => loadConfig({ ROLEBOOK_CLOCK_AHEAD_UNTIL: text }).clockAheadUntil;
    expect([until(''), until('2099-01-31T12:00:00Z')]).toEqual([null, new Date('2099-01-31T12:00:00Z')]);
    for (const text of [
      '2099',
      '2099-02-30T12:00:00Z',
      '2099-01-31T12:00:00',
      '2099-01-31T24:00:00Z',
      'soon',
    ])
      expect(() => until(text)).toThrow('ROLEBOOK_CLOCK_AHEAD_UNTIL is a moment in UTC');
  });

  test('every one has a name and a description for the table', () => {
    for (const { name, description } of Object.values(SETTINGS)) {
      expect(name).toMatch(/^[A-Z_]+$/);
      expect(description).toMatch(/\.$/);
    }
  });
});
