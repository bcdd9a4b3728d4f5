import { createHash } from 'node:crypto';
import type { Command } from '../../src/commands/command';
import { identityClaim } from '../../src/domain/claim/claim';
import { eventFaults } from '../../src/domain/sound-event';
import { parseStream } from '../../src/event-store/port/streams';
import { isSealedField } from '../../src/keys/sealed-field';
import { Opener } from '../../src/sealing/opening-store';
import { ACCOUNT, ask, execute, verdict } from '../commands/harness';
import { givenSealed } from './harness';

/** Identities in a log that holds nothing personal in clear. */

const ISSUER = 'https://login.example';
const SUBJECT = 'auth0|Wollstonecraft-1774';
const identity = { issuer: ISSUER, subject: SUBJECT };
const register = ask({ type: 'registerUser', user: 'mary', username: 'mary', identity });

async function given() {
  const sealed = await givenSealed(register);
  const bus = await sealed.replica();
  const { events } = sealed.log;
  const written = async (command: Command): Promise<string[]> => {
    const before = events.length;
    expect(verdict(await execute(bus, ask(command)))).toBe('ok');
    return events
      .slice(before)
      .map(({ type, data }) => ('kind' in data ? `${type} ${String(data['kind'])}` : type));
  };
  return {
    sealed,
    written,
    done: async (command: Command) => verdict(await execute(bus, ask(command))),
    last: (type: string) => events.filter((event) => event.type === type).at(-1)!,
  };
}

test('no subject or digest of one is in the log, and every event is sound and of the new schemas', async () => {
  const { sealed, last } = await given();
  const { events } = sealed.log;
  const text = JSON.stringify(events.map((event) => ({ ...event, position: 0 })));
  const hash = createHash('sha256').update(SUBJECT);
  const guesses = [identityClaim(identity), hash.copy().digest('hex'), hash.digest('base64url'), SUBJECT];
  for (const guess of guesses) expect(text).not.toContain(guess.slice(0, 12));
  for (const event of events) expect(eventFaults(event, parseStream(event.stream))).toEqual([]);
  const linked = last('UserIdentityLinked');
  expect(linked).toMatchObject({
    data: { issuer: ISSUER, subject: { $enc: '1' } },
    metadata: { schemaVersion: '3', part: '2', parts: '2' },
  });
  expect(last('Claimed')).toMatchObject({ data: { kind: 'IDENTITY' }, metadata: { schemaVersion: '3' } });
  expect(last('Claimed').stream.endsWith(`.${String(linked.data['identityClaim'])}`)).toBe(true);
});

test('readers with the key book get the subject; once the key is erased nobody does, and all stays sound', async () => {
  const { sealed, last } = await given();
  const book = await sealed.book();
  const event = last('UserIdentityLinked');
  const opener = new Opener(book);
  expect((await opener.open(event)).data).toMatchObject(identity);
  const { subject } = event.data;
  if (!isSealedField(subject)) throw new Error('the subject is in clear');
  expect(subject.k).toBe((last('UserRegistered').data['name'] as { k: string }).k);
  await book.erase(ACCOUNT, [subject.k]);
  const erased = await opener.open(event);
  expect(erased.data).toMatchObject({ issuer: ISSUER, subject: null });
  expect(eventFaults(erased, parseStream(event.stream), 'read')).toEqual([]);
});

test('an identity costs a claim, the others are not claimed again, and what is linked costs nothing', async () => {
  const { written, last } = await given();
  const link = (subject: string) =>
    written({ type: 'linkUserIdentity', user: 'mary', issuer: ISSUER, subject });
  expect(await link('s2')).toEqual(['Claimed IDENTITY', 'UserIdentityLinked']);
  expect(await link('s2')).toEqual([]);
  expect(await written({ type: 'updateUser', user: 'mary', username: 'mw' })).toEqual([
    'Claimed USERNAME',
    'UserProfileChanged',
    'Released USERNAME',
  ]);
  const claim = last('UserIdentityLinked').data['identityClaim'];
  expect(await written({ type: 'unlinkUserIdentity', user: 'mary', issuer: ISSUER, subject: 's2' })).toEqual([
    'UserIdentityUnlinked',
    'Released IDENTITY',
  ]);
  expect(last('UserIdentityUnlinked').data).toEqual({ user: 'mary', issuer: ISSUER, identityClaim: claim });
  expect(await written({ type: 'linkUserIdentity', user: 'cat', issuer: ISSUER, subject: 's2' })).toEqual([
    'Claimed IDENTITY',
    'UserIdentityLinked',
  ]);
});

test('a registration with the identity of another, or of an erased user, claims nothing', async () => {
  const { sealed, done } = await given();
  const { events } = sealed.log;
  const costs = async (username: string): Promise<[string, number]> => {
    const before = events.length;
    return [await done({ type: 'registerUser', username, identity }), events.length - before];
  };
  expect(await costs('new')).toEqual(['IDENTITY_TAKEN', 0]);
  expect(await done({ type: 'eraseUser', user: 'mary' })).toBe('ok');
  expect(await costs('new')).toEqual(['IDENTITY_SUPPRESSED', 0]);
  // Nobody is in the way of the name.
  expect(await done({ type: 'registerUser', username: 'new' })).toBe('ok');
});

test('the identity of an erased user is nobody’s until the username is released', async () => {
  const { done } = await given();
  const link = { type: 'linkUserIdentity', user: 'cat', ...identity } as const;
  const back = { type: 'registerUser', username: 'mary w', identity } as const;
  expect(await done(link)).toBe('IDENTITY_TAKEN');
  expect(await done({ type: 'eraseUser', user: 'mary' })).toBe('ok');
  expect(await done(link)).toBe('IDENTITY_SUPPRESSED');
  expect(await done(back)).toBe('IDENTITY_SUPPRESSED');
  expect(await done({ type: 'releaseUsername', username: 'mary' })).toBe('ok');
  expect(await done(back)).toBe('ok');
  expect(await done(link)).toBe('IDENTITY_TAKEN');
});

test('an identity whose subject nobody can read any more is unlinked and linked again, under another key', async () => {
  const { sealed, last } = await given();
  const book = await sealed.book();
  const lost = (last('UserIdentityLinked').data['subject'] as unknown as { k: string }).k;
  const bus = await sealed.replica({
    accountKeys: book.accountKeys.bind(book),
    newKey: book.newKey.bind(book),
    find: async (account: string, id: string) =>
      id === lost ? { state: 'missing' } : book.find(account, id),
  });
  const done = async (command: Command) => verdict(await execute(bus, ask(command)));
  expect(await done({ type: 'linkUserIdentity', user: 'cat', ...identity })).toBe('IDENTITY_TAKEN');
  expect(await done({ type: 'unlinkUserIdentity', user: 'mary', ...identity })).toBe('ok');
  expect(await done({ type: 'linkUserIdentity', user: 'mary', ...identity })).toBe('ok');
  const opened = await new Opener(await sealed.book()).open(last('UserIdentityLinked'));
  expect(opened.data).toMatchObject(identity);
  expect((last('UserIdentityLinked').data['subject'] as unknown as { k: string }).k).not.toBe(lost);
});
