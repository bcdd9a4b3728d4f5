import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {
  MANIFEST_FORMAT,
  readManifest,
  writeManifest,
  type Manifest,
} from '../../../src/operations/backup/manifest';
import { removeDirectory } from '../../directories';
import { codeOf, digestOf, modesIn, Place } from './harness';

/** Backups that are not what they were: neither checked as whole nor restored. */

let place: Place;
let pristine: string;
beforeAll(async () => {
  place = new Place();
  await place.record(200);
  await place.take();
  pristine = path.join(place.root, 'pristine');
  cpSync(place.backup, pristine, { recursive: true, preserveTimestamps: true });
});
beforeEach(() => {
  removeDirectory(place.backup);
  removeDirectory(place.restored);
  cpSync(pristine, place.backup, { recursive: true });
});
afterAll(() => place.remove());

const file = (...names: string[]): string => path.join(place.backup, ...names);
const manifestFile = (): string => file('backup.json');
const contents = (): Manifest => {
  const { sha256: _, ...manifest } = JSON.parse(readFileSync(manifestFile(), 'utf8')) as Manifest & {
    sha256: string;
  };
  return manifest;
};

/** Neither is it whole, nor is anything restored from it. */
async function expectRefused(code: string): Promise<void> {
  expect([await codeOf(place.check()), await codeOf(place.restore())]).toEqual([code, code]);
  expect(existsSync(place.restored)).toBe(false);
}

test('untouched it is whole, and being checked leaves it as it is', async () => {
  const before = modesIn(place.backup);
  await place.check();
  expect(modesIn(place.backup)).toEqual(before);
});

test('one flipped bit anywhere in the log is found', async () => {
  const bytes = readFileSync(file('log', 'log.sqlite'));
  const step = Math.floor(bytes.length / 37);
  for (let at = 0; at < bytes.length; at += step) {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
    writeFileSync(file('log', 'log.sqlite'), flipped);
    await expectRefused('BACKUP_ALTERED');
  }
});

test('after a backup that did not end, flipped bits of events are found by their digest', async () => {
  writeFileSync(file('in-progress'), '');
  expect((await place.check()).inProgress).toBe(true);
  const bytes = readFileSync(file('log', 'log.sqlite'));
  for (const word of ['u3-0', 'u150-0', 'UserAssigned']) {
    const flipped = Buffer.from(bytes);
    // Pages may hold what stood there before, which does not count.
    let found = 0;
    for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + 1), found += 1)
      flipped[at] = (flipped[at] ?? 0) ^ 1;
    expect(found).toBeGreaterThan(0);
    writeFileSync(file('log', 'log.sqlite'), flipped);
    await expectRefused('BACKUP_ALTERED');
  }
});

test.each(['log/log.sqlite', 'keys'])('a missing or shorter %s is found', async (name) => {
  const part = name === 'keys' ? path.join('keys', place.savedKeys()[0] ?? '') : name;
  truncateSync(file(part), 10);
  await expectRefused('BACKUP_ALTERED');
  rmSync(file(part));
  await expectRefused('BACKUP_ALTERED');
});

test('a link in the place of a file is not followed', async () => {
  rmSync(file('log', 'log.sqlite'));
  symlinkSync(path.join(pristine, 'log', 'log.sqlite'), file('log', 'log.sqlite'));
  await expectRefused('BACKUP_FOLDER');
  removeDirectory(file('log'));
  cpSync(path.join(pristine, 'log'), file('log'), { recursive: true });
  const [key = ''] = place.savedKeys();
  rmSync(file('keys', key));
  symlinkSync(path.join(pristine, 'keys', key), file('keys', key));
  await expectRefused('BACKUP_ALTERED');
});

test('a torn manifest is found, and mended by the next backup', async () => {
  const text = readFileSync(manifestFile());
  for (const length of [0, 1, 100, text.length / 2, text.length - 3]) {
    writeFileSync(manifestFile(), text.subarray(0, Math.floor(length)));
    await expectRefused('BACKUP_ALTERED');
  }
  for (const other of ['null', '[]', '{}', '{"format":1}', '\ud800']) {
    writeFileSync(manifestFile(), other);
    await expectRefused('BACKUP_ALTERED');
  }
  expect(await place.take()).toMatchObject({ mended: true, compared: 300, copied: 0 });
  await place.check();
});

test('an edited manifest is found, whatever was edited', async () => {
  const { log } = contents();
  const edits: Manifest[] = [
    { ...contents(), began: '2027-01-01T00:00:00.000Z' },
    { ...contents(), log: { ...log, events: 299 } },
    { ...contents(), files: [] },
  ];
  for (const edit of edits) {
    const { sha256 } = JSON.parse(readFileSync(path.join(pristine, 'backup.json'), 'utf8')) as {
      sha256: string;
    };
    writeFileSync(manifestFile(), JSON.stringify({ ...edit, sha256 }));
    await expectRefused('BACKUP_ALTERED');
  }
});

test.each<[string, (manifest: Manifest) => Manifest]>([
  ['fewer events', (all) => ({ ...all, log: { ...all.log, events: 299, end: '299' } })],
  ['more events', (all) => ({ ...all, log: { ...all.log, events: 301, end: '301' } })],
  ['another digest', (all) => ({ ...all, log: { ...all.log, digest: '0'.repeat(64) } })],
])('a manifest that was made for %s does not make it so', async (_what, edit) => {
  writeFileSync(manifestFile(), writeManifest(edit(contents())));
  expect(await codeOf(place.check())).toBe('BACKUP_ALTERED');
  expect(await codeOf(place.restore())).toMatch(/BACKUP_ALTERED|RESTORE_DIFFERS/);
  // The log stays closed, if it was begun by then.
  if (existsSync(path.join(place.restored, 'log.sqlite')))
    expect(await codeOf(place.openRestored(true))).toBe('RESTORE_UNFINISHED');
});

test.each(['../data/signing.key', '/etc/passwd', 'keys/../../data/signing.key', 'keys//x', '.', ''])(
  'a manifest that names %j leads nowhere',
  async (name) => {
    const [log, key] = contents().files;
    writeFileSync(manifestFile(), writeManifest({ ...contents(), files: [log!, { ...key!, path: name }] }));
    await expectRefused('BACKUP_ALTERED');
  },
);

test.each<[string, Partial<Manifest>]>([
  ['program', { program: '0.3.0' }],
  ['program by its patch', { program: '0.2.1' }],
  ['form of the manifest', { format: MANIFEST_FORMAT + 1 }],
  ['version of the events', { schemaVersion: '99' }],
])('a later %s made it: it is refused, also by a backup into it', async (_what, later) => {
  writeFileSync(manifestFile(), writeManifest({ ...contents(), ...later }));
  await expectRefused('BACKUP_NEWER');
  const before = readFileSync(manifestFile());
  expect(await codeOf(place.take())).toBe('BACKUP_NEWER');
  expect(readFileSync(manifestFile())).toEqual(before);
});

test('what a later program of the same form adds is no hindrance, and covered by the digest', () => {
  const added = { ...contents(), keyBook: { segments: 3 } };
  expect(readManifest(writeManifest(added), '0.2.0')).toEqual(added);
  const edited = writeManifest(added).replace('"segments": 3', '"segments": 4');
  expect(() => readManifest(edited, '0.2.0')).toThrow('BACKUP_ALTERED');
});

test('a folder without a backup says so, and one without a manifest that it is not whole', async () => {
  rmSync(manifestFile());
  await expectRefused('BACKUP_INCOMPLETE');
  for (const name of readdirSync(place.backup)) removeDirectory(file(name));
  await expectRefused('BACKUP_NOT_FOUND');
  removeDirectory(place.backup);
  await expectRefused('BACKUP_NOT_FOUND');
  writeFileSync(place.backup, '');
  await expectRefused('BACKUP_NOT_FOUND');
});

test('a damaged log is not continued', async () => {
  const bytes = readFileSync(file('log', 'log.sqlite'));
  bytes.fill(0xff, 0, 200);
  writeFileSync(file('log', 'log.sqlite'), bytes);
  expect(await codeOf(place.take())).toBe('BACKUP_ALTERED');
  writeFileSync(file('log', 'log.sqlite'), readFileSync(path.join(pristine, 'log', 'log.sqlite')));
  expect(await place.take()).toMatchObject({ compared: 300, copied: 0 });
  expect((await place.check()).manifest.log.digest).toBe(await digestOf(place.data));
});
