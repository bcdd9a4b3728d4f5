import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { externalIdClaim, identityClaim, usernameClaims } from '../../src/domain/claim/claim';
import { nameKey } from '../../src/domain/text';
import { newDirectory, removeDirectory } from '../directories';
import { Installation, type ServerProcess } from './installation';

/** A user is erased from a log of format 2: nobody finds the names again, by reading or by guessing. */

const PERSON = {
  username: 'marguerite.w',
  name: 'Marguerite Wollstonecraft',
  externalId: 'Personnel-1774',
};
const IDENTITY = { issuer: 'https://login.example', subject: 'auth0|Wollstonecraft-1792' };
const EXTERNAL_ID_LATER = 'personnel-1797';
const LATER = 'Mary Godwin-Imlay';
const REASON = 'She asked for it, says Percy';
const WORDS = [
  ...Object.values(PERSON),
  ...['wollstonecraft', LATER, 'godwin', REASON, EXTERNAL_ID_LATER],
  IDENTITY.subject,
];

const installation = new Installation({});
const copy = newDirectory();
let server: ServerProcess;
let user: string;
beforeAll(async () => {
  server = await installation.start();
}, 60_000);
afterAll(() => {
  installation.remove();
  removeDirectory(copy);
});

interface Outcome {
  readonly user: { readonly id: string; readonly name: string; readonly status: string } | null;
  readonly errors: readonly { readonly code: string }[];
  readonly projected: boolean;
}
const mutate = async (field: string, input: object): Promise<Outcome> => {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${field}(input: $input) { user { id name status } errors { code } projected } }`;
  const { data, errors } = await server.graphql<Record<string, Outcome>>(query, { input });
  expect(errors).toBeUndefined();
  return data[field]!;
};

/** Every byte of the files of some folders, as text. */
const bytesOf = (...folders: string[]): string =>
  folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(path.join(entry.parentPath, entry.name)).toString('latin1')),
    )
    .join('\n');

/** Texts that anyone can compute who knows or guesses the names, in the forms that a store could have them. */
const guesses = (): string[] =>
  [...WORDS, ...WORDS.map(nameKey)].flatMap((word) => {
    const digests = ['sha1', 'sha256', 'md5'].map((algorithm) => createHash(algorithm).update(word).digest());
    return [
      Buffer.from(word).toString('latin1'),
      Buffer.from(word, 'utf16le').toString('latin1'),
      Buffer.from(word).toString('base64').slice(0, 12),
      Buffer.from(word).toString('hex'),
      ...[...usernameClaims(word), externalIdClaim(word), identityClaim({ ...IDENTITY, subject: word })].map(
        (id) => id.slice(0, 12),
      ),
      ...digests.flatMap((digest) => [
        digest.toString('hex').slice(0, 16),
        digest.toString('base64').slice(0, 11),
        digest.toString('base64url').slice(0, 11),
        digest.subarray(0, 8).toString('latin1'),
      ]),
    ];
  });
const found = (text: string): string[] => guesses().filter((guess) => text.includes(guess));

test('before the erasure the names are in the tables, and not in the log', async () => {
  user = (await mutate('registerUser', { ...PERSON, identity: IDENTITY })).user!.id;
  const later = { id: user, name: LATER, externalId: EXTERNAL_ID_LATER, reason: REASON };
  expect((await mutate('updateUser', later)).user?.name).toBe(LATER);
  expect(found(bytesOf(installation.directory))).toEqual(
    expect.arrayContaining([...WORDS.slice(0, 3), EXTERNAL_ID_LATER, IDENTITY.subject]),
  );
  const files = readdirSync(installation.directory);
  const isOpen = (name: string): boolean =>
    (statSync(path.join(installation.directory, name)).mode & 0o077) !== 0;
  expect(files.filter((name) => /sqlite|\.key/.test(name) && isOpen(name))).toEqual([]);
  const log = files.filter((name) => name.startsWith('log.'));
  expect(log.length).toBeGreaterThan(0);
  const text = log.map((name) => readFileSync(path.join(installation.directory, name)).toString('latin1'));
  expect(found(text.join('\n'))).toEqual([]);
  const copied = await installation.rolebook('log', 'copy', '--from', installation.directory, '--to', copy);
  expect(copied).toMatchObject({ code: 0 });
});

test('an erased user is nowhere: not in tables, search, history, log, key book or an earlier copy', async () => {
  const erased = await mutate('eraseUser', { id: user, reason: 'ticket 99' });
  expect(erased).toMatchObject({
    user: { id: user, name: 'Erased user', status: 'ERASED' },
    errors: [],
    projected: true,
  });
  expect(found(bytesOf(installation.directory, copy))).toEqual([]);
  expect(await mutate('registerUser', { ...PERSON, username: PERSON.username.toUpperCase() })).toMatchObject({
    user: null,
    errors: [{ code: 'USERNAME_SUPPRESSED' }],
  });
  const other = { username: 'other', externalId: EXTERNAL_ID_LATER };
  expect(await mutate('registerUser', other)).toMatchObject({
    user: null,
    errors: [{ code: 'EXTERNAL_ID_SUPPRESSED' }],
  });
  expect(await mutate('registerUser', { username: 'other', identity: IDENTITY })).toMatchObject({
    user: null,
    errors: [{ code: 'IDENTITY_SUPPRESSED' }],
  });
  const query =
    '{ users(search: "wollstone") { totalCount } history(first: 1) { edges { node { reason } } } }';
  expect((await server.graphql(query)).data).toEqual({
    users: { totalCount: 0 },
    history: { edges: [{ node: { reason: 'ticket 99' } }] },
  });
});

test('a rebuild gives the same tables, a rotation shreds the key, and a start finds all others again', async () => {
  const others = '{ users(first: 50) { edges { node { name username } } } }';
  const before = await server.graphql(others);
  await server.stop();
  const digest = (await installation.rolebook('digest')).stdout;
  expect(await installation.rolebook('rebuild')).toMatchObject({ code: 0 });
  expect((await installation.rolebook('digest')).stdout).toBe(digest);
  expect(await installation.rolebook('keys', 'new-master', '--add')).toMatchObject({ code: 0 });
  expect(await installation.rolebook('keys', 'rotate')).toMatchObject({ code: 0 });
  const status = await installation.rolebook('keys', 'status', '--json');
  expect(JSON.parse(status.stdout)).toMatchObject([{ erased: 1, notShredded: 0 }]);
  server = await installation.start();
  expect((await server.graphql(others)).data).toEqual(before.data);
  await server.stop();
  expect(found(bytesOf(installation.directory, copy))).toEqual([]);
});

test('events are printed in clear with the key book, and encrypted without it', async () => {
  const events = async (): Promise<string> =>
    (await installation.rolebook('events', '--account', 'demo')).stdout;
  const clear = await events();
  expect(clear).toContain('Ada Lindqvist');
  expect(clear).not.toContain('$enc');
  expect(found(clear)).toEqual([]);
  const keys = path.join(installation.directory, 'master.keys');
  renameSync(keys, `${keys}.aside`);
  const encrypted = await events();
  renameSync(`${keys}.aside`, keys);
  expect(encrypted).toContain('$enc');
  expect(encrypted).not.toContain('Ada Lindqvist');
  expect(encrypted.split('\n')).toHaveLength(clear.split('\n').length);
});
