import fc from 'fast-check';
import type { FenceEvent } from '../../../src/domain/role/events';
import { validateEvent } from '../../../src/domain/schemas';
import type { UserEvent } from '../../../src/domain/user/events';
import { decideLink, decideRegisterWith, decideUnlink } from '../../../src/domain/user/identities';
import { decideProfile, decideRegister } from '../../../src/domain/user/profile';
import {
  decideDeactivate,
  decideLogin,
  decideReactivate,
  evolveUser,
  NEW_USER,
  type ClearUserState,
  type UserState,
} from '../../../src/domain/user/user';
import type { Decision } from '../../../src/domain/refusal';
import { runs } from '../../scale';

/** The rules of one user: given these events, when, then those or a refusal. */

const user = 'ann';
const registered: UserEvent = { type: 'UserRegistered', data: { user, username: 'ann', name: 'Ann' } };
const profile = { username: 'ann', name: 'Ann' };
const identified: UserEvent = {
  type: 'UserProfileChanged',
  data: { user, from: profile, to: { ...profile, externalId: 'E1' } },
};
const ISSUER = 'https://login.example';
/** An identity with a claim of 43 characters, made of the first 32 of its subject. */
const identity = (subject: string, issuer = ISSUER) => ({
  issuer,
  subject,
  claim: Buffer.from(subject).toString('base64url').padEnd(43, '-').slice(0, 43),
});
const linked = (subject: string): UserEvent => {
  const { claim: identityClaim, ...rest } = identity(subject);
  return { type: 'UserIdentityLinked', data: { user, ...rest, identityClaim } };
};
const unlinked = (subject: string): UserEvent => {
  const { claim: identityClaim, issuer } = identity(subject);
  return { type: 'UserIdentityUnlinked', data: { user, issuer, identityClaim } };
};
const deactivated: UserEvent = { type: 'UserDeactivated', data: { user } };
const fence: FenceEvent = { type: 'ClaimAbandoned', data: { claim: 'c' } };
/** State of a stream that holds everything in clear. */
type InClear = UserState & ClearUserState;
const stateOf = (...events: (UserEvent | FenceEvent)[]): InClear =>
  events.reduce<UserState>(evolveUser, NEW_USER) as InClear;
const now = new Date('2026-03-01T12:00:00.000Z');
const said = (decision: Decision<UserEvent>): unknown[] =>
  decision.accepted
    ? decision.events.map(({ type }) => type)
    : decision.refusals.map(({ code, subject }) => [code, subject?.[0]]);

const text = fc.string({ unit: 'grapheme', maxLength: 210 });
/** Left out, as programs of before did. */
const externalId = fc.option(
  text.filter((each) => each !== '').map((each) => ({ externalId: each })),
  { nil: {} },
);
const anyEvent: fc.Arbitrary<UserEvent | FenceEvent> = fc.oneof(
  fc.tuple(text, text, externalId).map(([username, name, further]): UserEvent => ({
    type: 'UserRegistered',
    data: { user, username, name, ...further },
  })),
  fc.tuple(text, text, externalId).map(([username, name, further]): UserEvent => ({
    type: 'UserProfileChanged',
    data: { user, from: { username: '', name: '' }, to: { username, name, ...further } },
  })),
  fc.constantFrom<UserEvent | FenceEvent>(
    deactivated,
    fence,
    linked('s1'),
    linked('s2'),
    unlinked('s1'),
    { type: 'UserReactivated', data: { user } },
    {
      type: 'UserLoggedIn',
      data: { user, at: '2026-01-01T00:00:00.000Z' },
    },
  ),
);

test('what is recorded can always be applied; a fence changes nothing', () => {
  fc.assert(
    fc.property(fc.array(anyEvent), (events) => {
      const state = stateOf(...events);
      expect(evolveUser(state, fence)).toBe(state);
      expect(stateOf(...events.filter(({ type }) => type !== 'ClaimAbandoned'))).toEqual(state);
    }),
    runs(100, 3),
  );
});

test('a wish that is granted comes to sound events, and asked again to none', () => {
  const wishes: ((state: InClear, a: string, b: string) => Decision<UserEvent>)[] = [
    (state, username, name) => decideRegister({ user, username, name }, state),
    (state, username, name) => decideProfile({ user, username, name }, state),
    (state, username) => decideProfile({ user, username }, state),
    (state, given, name) => decideRegister({ user, username: 'ann', name, externalId: given }, state),
    (state, given) => decideProfile({ user, username: 'ann', name: 'Ann', externalId: given }, state),
    (state) => decideProfile({ user, username: 'ann', name: 'Ann', externalId: null }, state),
    (state, subject) => decideLink({ user, identity: identity(subject) }, state),
    (state) => decideLink({ user, identity: identity('s1') }, state),
    (state) => decideUnlink({ user, identity: identity('s1'), by: 'other' }, state),
    (state, name, subject) =>
      decideRegisterWith({ user, username: 'ann', name, identity: identity(subject) }, state),
    (state) => decideDeactivate({ user, byThemselves: false }, state),
    (state) => decideReactivate({ user }, state),
  ];
  fc.assert(
    fc.property(
      fc.array(anyEvent, { maxLength: 4 }),
      fc.constantFrom(...wishes),
      text,
      text,
      (events, wish, a, b) => {
        const state = stateOf(...events);
        const decision = wish(state, a, b);
        if (!decision.accepted) return;
        for (const { type, data } of decision.events)
          expect(validateEvent(type, data).filter((fault) => !fault.startsWith('from'))).toEqual([]);
        expect(wish(stateOf(...events, ...decision.events), a, b)).toEqual({ accepted: true, events: [] });
      },
    ),
    runs(500, 3),
  );
});

test.each<[string, Decision<UserEvent>, unknown[]]>([
  [
    'a user registers',
    decideRegister({ user, username: ' ann ', name: 'Ann' }, NEW_USER),
    ['UserRegistered'],
  ],
  ['again, the same', decideRegister({ user, username: 'ann', name: 'Ann' }, stateOf(registered)), []],
  [
    'again, another',
    decideRegister({ user, username: 'eve', name: 'Eve' }, stateOf(registered)),
    [['INVALID_INPUT', 'user']],
  ],
  [
    'without username or name',
    decideRegister({ user, username: ' ', name: '' }, NEW_USER),
    [
      ['INVALID_INPUT', 'username'],
      ['INVALID_INPUT', 'name'],
    ],
  ],
  [
    'with a long username',
    decideRegister({ user, username: 'x'.repeat(201), name: 'Ann' }, NEW_USER),
    [['INVALID_INPUT', 'username']],
  ],
  [
    'a name changes alone',
    decideProfile({ user, name: 'Anna' }, stateOf(registered)),
    ['UserProfileChanged'],
  ],
  ['a name is cleared', decideProfile({ user, name: '' }, stateOf(registered)), [['INVALID_INPUT', 'name']]],
  ['a profile of nobody', decideProfile({ user, name: 'Anna' }, NEW_USER), [['NOT_FOUND', 'user']]],
  [
    'with an external id',
    decideRegister({ user, username: 'ann', name: 'Ann', externalId: 'E1' }, NEW_USER),
    ['UserRegistered'],
  ],
  [
    'again, without it',
    decideRegister({ user, username: 'ann', name: 'Ann' }, stateOf(registered, identified)),
    [],
  ],
  [
    'again, with it',
    decideRegister(
      { user, username: 'ann', name: 'Ann', externalId: ' E1' },
      stateOf(registered, identified),
    ),
    [],
  ],
  [
    'again, with another',
    decideRegister({ user, username: 'ann', name: 'Ann', externalId: 'e1' }, stateOf(registered, identified)),
    [['INVALID_INPUT', 'user']],
  ],
  [
    'again, with one that cannot be',
    decideRegister({ user, username: 'ann', name: 'Ann', externalId: ' ' }, stateOf(registered)),
    [['INVALID_INPUT', 'externalId']],
  ],
  [
    'an external id changes in case',
    decideProfile({ user, externalId: 'e1' }, stateOf(registered, identified)),
    ['UserProfileChanged'],
  ],
  ['it stays', decideProfile({ user, externalId: 'E1 ' }, stateOf(registered, identified)), []],
  [
    'it is empty',
    decideProfile({ user, externalId: '' }, stateOf(registered)),
    [['INVALID_INPUT', 'externalId']],
  ],
  [
    'it ends',
    decideProfile({ user, externalId: null }, stateOf(registered, identified)),
    ['UserProfileChanged'],
  ],
  ['there was none', decideProfile({ user, externalId: null }, stateOf(registered)), []],
  [
    'nobody can read the one that there is',
    decideProfile({ user, name: 'Anna' }, { ...stateOf(registered), externalId: null }),
    [['INVALID_INPUT', 'externalId']],
  ],
  [
    'it is cleared all the same',
    decideProfile({ user, externalId: null }, { ...stateOf(registered), externalId: null }),
    ['UserProfileChanged'],
  ],
  [
    'an identity is linked',
    decideLink({ user, identity: identity('s1') }, stateOf(registered)),
    ['UserIdentityLinked'],
  ],
  ['again', decideLink({ user, identity: identity('s1') }, stateOf(registered, linked('s1'))), []],
  [
    'another in case',
    decideLink({ user, identity: identity('S1') }, stateOf(registered, linked('s1'))),
    ['UserIdentityLinked'],
  ],
  [
    'to an inactive user',
    decideLink({ user, identity: identity('s1') }, stateOf(registered, deactivated)),
    ['UserIdentityLinked'],
  ],
  ['to nobody', decideLink({ user, identity: identity('s1') }, NEW_USER), [['NOT_FOUND', 'user']]],
  [
    'an identity is unlinked',
    decideUnlink({ user, identity: identity('s1'), by: 'other' }, stateOf(registered, linked('s1'))),
    ['UserIdentityUnlinked'],
  ],
  [
    'that is not linked any more',
    decideUnlink(
      { user, identity: identity('s1'), by: 'other' },
      stateOf(registered, linked('s1'), unlinked('s1')),
    ),
    [],
  ],
  [
    'the last one of oneself',
    decideUnlink({ user, identity: identity('s1'), by: 'themselves' }, stateOf(registered, linked('s1'))),
    [['SELF_UNLINKING', 'user']],
  ],
  [
    'the last one of somebody, by a program',
    decideUnlink({ user, identity: identity('s1'), by: 'program' }, stateOf(registered, linked('s1'))),
    [['SELF_UNLINKING', 'user']],
  ],
  [
    'another one of oneself',
    decideUnlink(
      { user, identity: identity('s1'), by: 'themselves' },
      stateOf(registered, linked('s1'), linked('s2')),
    ),
    ['UserIdentityUnlinked'],
  ],
  [
    'from nobody',
    decideUnlink({ user, identity: identity('s1'), by: 'other' }, NEW_USER),
    [['NOT_FOUND', 'user']],
  ],
  [
    'a user registers with an identity',
    decideRegisterWith({ user, ...profile, identity: identity('s1') }, NEW_USER),
    ['UserRegistered', 'UserIdentityLinked'],
  ],
  [
    'again, and what was unlinked since stays so',
    decideRegisterWith(
      { user, ...profile, identity: identity('s1') },
      stateOf(registered, linked('s1'), unlinked('s1')),
    ),
    [],
  ],
  [
    'a user is deactivated',
    decideDeactivate({ user, byThemselves: false }, stateOf(registered)),
    ['UserDeactivated'],
  ],
  ['twice', decideDeactivate({ user, byThemselves: false }, stateOf(registered, deactivated)), []],
  [
    'by themselves',
    decideDeactivate({ user, byThemselves: true }, stateOf(registered)),
    [['SELF_DEACTIVATION', 'user']],
  ],
  [
    'nobody is deactivated',
    decideDeactivate({ user, byThemselves: false }, NEW_USER),
    [['NOT_FOUND', 'user']],
  ],
  [
    'a user is reactivated',
    decideReactivate({ user }, stateOf(registered, deactivated)),
    ['UserReactivated'],
  ],
  ['who is active', decideReactivate({ user }, stateOf(registered)), []],
  ['nobody is reactivated', decideReactivate({ user }, stateOf(fence)), [['NOT_FOUND', 'user']]],
  [
    'an inactive user signed in somewhere',
    decideLogin({ user, at: new Date(0) }, stateOf(registered, deactivated), { now }),
    ['UserLoggedIn'],
  ],
  ['nobody signed in', decideLogin({ user, at: new Date(0) }, NEW_USER, { now }), [['NOT_FOUND', 'user']]],
  [
    'a sign-in by a clock that is a minute ahead',
    decideLogin({ user, at: new Date(now.getTime() + 60_000) }, stateOf(registered), { now }),
    ['UserLoggedIn'],
  ],
  [
    'a sign-in that is to come',
    decideLogin({ user, at: new Date(now.getTime() + 60_001) }, stateOf(registered), { now }),
    [['INVALID_INPUT', 'at']],
  ],
])('%s', (_what, decision, expected) => {
  expect(said(decision)).toEqual(expected);
});

test('an event says the external ids of before and after, and leaves out what there was not', () => {
  const events = [
    decideProfile({ user, externalId: ' E1' }, stateOf(registered)),
    decideProfile({ user, name: 'Anna' }, stateOf(registered, identified)),
    decideProfile({ user, externalId: null }, stateOf(registered, identified)),
  ].map((decision) => (decision.accepted ? decision.events[0]?.data : null));
  const held = { ...profile, externalId: 'E1' };
  expect(events).toEqual([
    { user, from: profile, to: held },
    { user, from: held, to: { ...held, name: 'Anna' } },
    { user, from: held, to: profile },
  ]);
  const erased: UserEvent = { type: 'UserErased', data: { user } };
  expect(stateOf(registered, identified)).toMatchObject({ externalId: 'E1' });
  expect(stateOf(registered, identified, erased)).toMatchObject({ externalId: '' });
});

test('a sign-in says which one was the latest before it, also one that became known late', () => {
  const days = ['2026-01-05', '2026-01-07', '2026-01-06', '2026-01-08'].map((day) => `${day}T00:00:00.000Z`);
  let recorded: UserEvent[] = [registered];
  let state = stateOf(registered);
  const before = days.map((day) => {
    const decision = decideLogin({ user, at: new Date(day) }, state, { now });
    if (!decision.accepted) throw new Error('refused');
    state = stateOf(...(recorded = [...recorded, ...decision.events]));
    return (decision.events[0]?.data as { before: string | null }).before;
  });
  expect(before).toEqual([null, days[0], days[1], days[1]]);
  expect(state.lastLoginAt).toBe(days[3]);
});

const issuers = [
  '',
  'login.example',
  'ftp://login.example',
  'https://',
  'https://a b',
  'https://a?b',
  'https://a#b',
];
test.each([...issuers, 'https://é.example', `https://${'i'.repeat(293)}`])('%j is no issuer', (issuer) => {
  const decision = decideLink({ user, identity: identity('s1', issuer) }, stateOf(registered));
  expect(decision).toMatchObject({ refusals: [{ code: 'INVALID_INPUT', subject: ['identity', 'issuer'] }] });
});

const subjects = ['', ' s', 's\t', 'a\nb', 'a\u0000', 'a\ud800', '\u202es', 's'.repeat(256)];
test.each(subjects)('%j is no subject', (subject) => {
  const decision = decideLink({ user, identity: identity(subject) }, stateOf(registered));
  expect(decision).toMatchObject({ refusals: [{ code: 'INVALID_INPUT', subject: ['identity', 'subject'] }] });
});

test.each([
  [ISSUER, 's'.repeat(255)],
  ['http://127.0.0.1:8080/realms/acme/', 'auth0|Zo\u00eb 7'],
  [`https://${'i'.repeat(292)}`, '\u{1F600}'.repeat(255)],
])('%s with %s is recorded as it is given', (issuer, subject) => {
  const decision = decideLink({ user, identity: identity(subject, issuer) }, stateOf(registered));
  expect(decision).toMatchObject({ events: [{ data: { issuer, subject } }] });
});
