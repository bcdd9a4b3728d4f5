import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ConfigError, loadConfig, namesServer, SETTINGS } from '../../src/config/config';

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
};

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
