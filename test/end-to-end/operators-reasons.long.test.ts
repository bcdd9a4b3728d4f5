import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { systemHost } from '../../src/operator/operator';
import { newDirectory, removeDirectory } from '../directories';
import { Installation } from './installation';

/** The reason of a publication, as operators see it: encrypted in the log, and read by who has the key book. */

const folder = newDirectory();
const file = path.join(folder, 'catalogue.json');
const installation = new Installation({ ROLEBOOK_CATALOGUE: file });
afterAll(() => {
  installation.remove();
  removeDirectory(folder);
});

const REASON = 'CHG-9: asked for by Ada Lovelace';
const OURS = path.join(__dirname, '..', '..', 'schema', 'catalogue.json');

function writeCatalogue(version: number, description?: string): void {
  const catalogue = JSON.parse(readFileSync(OURS, 'utf8')) as CatalogueFile;
  const admin = catalogue.defaultRoles.find(({ key }) => key === 'account-admin')!;
  if (description !== undefined) Object.assign(admin, { description });
  writeFileSync(file, JSON.stringify({ ...catalogue, version }));
}

const EVENTS = ['events', '--account', 'acme', '--catalogue'];
const REPLAY = ['replay', '--account', 'acme', '--role', 'account-admin', '--format', 'csv'];

test('it is in no file of the log, printed by who has the key book, and by nobody else', async () => {
  writeCatalogue(1);
  expect((await installation.rolebook('account', 'open', 'acme', '--admin', 'boss')).code).toBe(0);
  writeCatalogue(2, 'Everything, by another name.');
  const tooLong = await installation.rolebook('catalogue', 'publish', '--reason', '\u{1F600}'.repeat(76));
  expect([tooLong.code, tooLong.stderr]).toEqual([2, expect.stringContaining('300 bytes in UTF-8')]);
  const published = await installation.rolebook('catalogue', 'publish', '--reason', REASON, '--as', 'ana');
  expect([published.code, published.stderr]).toEqual([0, expect.stringContaining('published')]);

  const log = await installation.openLog();
  const stored: unknown[] = [];
  for await (const { data, metadata } of log.readAll()) stored.push([data, metadata]);
  await log.close();
  expect(JSON.stringify(stored)).not.toContain('Ada');

  for (const command of [EVENTS, REPLAY]) {
    const { code, stdout } = await installation.rolebook(...command);
    expect([code, stdout]).toEqual([0, expect.stringContaining(REASON)]);
    expect(stdout).toContain(
      command === EVENTS ? `"actorHost":"${systemHost()}"` : `operator,ana,${systemHost()}`,
    );
  }
  const verified = await installation.rolebook('log', 'verify', '--json');
  expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([0, [{ faults: 0 }]]);

  // A user of the machine who may not read the master key.
  const keys = path.join(installation.directory, 'master.keys');
  renameSync(keys, `${keys}.away`);
  const [events, replay] = [await installation.rolebook(...EVENTS), await installation.rolebook(...REPLAY)];
  expect([events.code, events.stdout]).toEqual([0, expect.stringContaining('"reason":{"$enc":"1"')]);
  expect([replay.code, replay.stdout]).toEqual([0, expect.stringContaining('(encrypted)')]);
  for (const { stdout } of [events, replay]) expect(stdout).not.toContain('Ada');
}, 120_000);
