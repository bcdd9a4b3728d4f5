import fc from 'fast-check';
import { characters, nameKey } from '../../../src/domain/text';
import {
  decideChange,
  decideCreate,
  decideDelete,
  type RoleChange,
  type RoleCreation,
} from '../../../src/domain/role/decide';
import { copyName, NAME_LIMIT } from '../../../src/domain/role/details';
import { changesRole, type RoleEvent } from '../../../src/domain/role/events';
import { evolveRole, NEW_ROLE, type RoleState } from '../../../src/domain/role/state';
import { validateEvent } from '../../../src/domain/schemas';
import { CATALOGUE } from '../../commands/catalogue';
import { anyContext, anyEvent, anyName, anyRole, anyChange, contextOf, ROLE } from './arbitraries';
import { runs } from '../../scale';

/** Properties of every role and every wanted change. */

const RUNS = runs(400, 11);

/** The events of a decision, applied; null where it was refused. */
function after(
  state: RoleState,
  wish: RoleChange,
  context = contextOf(),
): { state: RoleState; events: readonly RoleEvent[] } | null {
  const decision = decideChange(wish, state, context);
  if (!decision.accepted) return null;
  return { state: decision.events.reduce(evolveRole, state), events: decision.events };
}

const granting = (grants: NonNullable<RoleChange['grants']>): RoleChange => ({ grants });

describe('every role', () => {
  test('evolves by every event, and counts those that change it', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const state = events.reduce(evolveRole, NEW_ROLE);
        expect(state.version).toBe(events.filter(changesRole).length);
        expect(
          [...state.members].filter((user) => state.members.has(user) && state.deleted && user === ''),
        ).toEqual([]);
      }),
      RUNS,
    );
  });

  test('never changes the state that it evolves from', () => {
    fc.assert(
      fc.property(anyRole, anyEvent, (state, event) => {
        const before = JSON.stringify(state);
        evolveRole(state, event);
        expect(JSON.stringify(state)).toBe(before);
      }),
      RUNS,
    );
  });
});

describe('every wish', () => {
  test('once granted, asked again comes to no events', () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyRole, anyChange, anyContext, (state, wish, context) => {
        const first = after(state, wish, context);
        if (!first) return;
        accepted += 1;
        expect(decideChange(wish, first.state, context)).toEqual({ accepted: true, events: [] });
      }),
      runs(1_500, 11),
    );
    expect(accepted).toBeGreaterThan(300);
  });

  test('comes to events that the schemas allow, and that say what was', () => {
    fc.assert(
      fc.property(anyRole, anyChange, (start, wish) => {
        let state = start;
        for (const event of after(start, wish)?.events ?? []) {
          expect(validateEvent(event.type, event.data)).toEqual([]);
          if (event.type === 'RoleRenamed') expect(event.data.from).toBe(state.name);
          if (event.type === 'RoleDescriptionChanged') expect(event.data.from).toBe(state.description);
          if (event.type === 'PermissionRevoked')
            expect(event.data.scopes).toEqual(state.grants.get(event.data.permission));
          if (event.type === 'PermissionScopesChanged')
            expect(event.data.from).toEqual(state.grants.get(event.data.permission));
          if (event.type === 'PermissionGranted') expect(state.grants.has(event.data.permission)).toBe(false);
          if (event.type === 'UserAssigned') expect(state.members.has(event.data.user)).toBe(false);
          if (event.type === 'UserUnassigned') expect(state.members.has(event.data.user)).toBe(true);
          state = evolveRole(state, event);
        }
      }),
      RUNS,
    );
  });

  test('gives nothing privileged, and takes nothing, for who may not give it', () => {
    fc.assert(
      fc.property(anyRole, anyChange, (state, wish) => {
        const result = after(state, wish, contextOf({ mayGive: () => false }));
        if (!result) return;
        const privileged = (key: string) => CATALOGUE.permission.get(key)?.privileged;
        const given = [...result.state.grants.keys()].filter(
          (key) => privileged(key) && !state.grants.has(key),
        );
        const joined = result.state.members.subtract(state.members);
        expect(given).toEqual([]);
        const present = (key: string) => CATALOGUE.present(key)?.privileged;
        const kept = (role: RoleState) => [...role.grants].filter(([key]) => present(key)).sort();
        expect(kept(result.state)).toEqual(kept(state));
        const left = state.members.subtract(result.state.members);
        if (left.size > 0) expect(kept(state)).toEqual([]);
        if (joined.size > 0) expect([...result.state.grants.keys()].filter(privileged)).toEqual([]);
      }),
      RUNS,
    );
  });

  test('with another version is refused, whatever it asks', () => {
    fc.assert(
      fc.property(anyRole, anyChange, fc.integer({ min: 1, max: 9 }), (state, wish, off) => {
        const decision = decideChange({ ...wish, expectedVersion: state.version + off }, state, contextOf());
        const conflict = expect.objectContaining({ code: 'VERSION_CONFLICT', currentVersion: state.version });
        expect(decision).toEqual({ accepted: false, refusals: expect.arrayContaining([conflict]) });
      }),
      RUNS,
    );
  });

  test('on a role that is deleted finds nothing', () => {
    fc.assert(
      fc.property(anyRole, anyChange, (state, wish) => {
        const deletion = decideDelete({}, state, contextOf());
        if (!deletion.accepted) throw new Error('not deleted');
        const deleted = deletion.events.reduce(evolveRole, state);
        expect(deleted.members.size + deleted.grants.size).toBe(0);
        expect(decideChange(wish, deleted, contextOf())).toMatchObject({ refusals: [{ code: 'NOT_FOUND' }] });
        expect(decideDelete({}, deleted, contextOf())).toEqual({ accepted: true, events: [] });
      }),
      RUNS,
    );
  });
});

describe('grants', () => {
  const enabled = contextOf({ enabledFeatures: new Set(['CORE']) });
  const inSection = (state: RoleState, section: string) =>
    [...state.grants.keys()].filter((key) => CATALOGUE.present(key)?.section === section).sort();

  test('select all covers what is enabled; deselect all takes exactly that away', () => {
    fc.assert(
      fc.property(anyRole, fc.constantFrom('roles', 'billing', 'campaigns'), (state, section) => {
        const covered = CATALOGUE.permissionsOf(section)
          .filter(({ feature }) => feature === 'CORE')
          .map(({ key }) => key);
        const selected = after(state, granting({ kind: 'section', section, selected: true }), enabled)
          ?.state as RoleState;
        expect(covered.filter((key) => !selected.grants.has(key))).toEqual([]);
        for (const [key, scopes] of state.grants) expect(selected.grants.get(key)).toBe(scopes);
        const deselected = after(selected, granting({ kind: 'section', section, selected: false }), enabled)
          ?.state as RoleState;
        expect(inSection(deselected, section)).toEqual(
          inSection(state, section).filter((key) => !covered.includes(key)),
        );
        const elsewhere = (each: RoleState) => each.grants.removeAll(inSection(each, section)).toJS();
        expect(elsewhere(deselected)).toEqual(elsewhere(state));
      }),
      RUNS,
    );
  });

  test('the whole set is the result, but for retired grants, which stay', () => {
    const scopes = fc.constantFrom<string[] | null | undefined>([], null, undefined);
    const keys = fc.subarray(
      CATALOGUE.content.permissions.filter(({ retired }) => !retired).map(({ key }) => key),
    );
    fc.assert(
      fc.property(anyRole, keys, scopes, (state, wanted, kept) => {
        const grants = wanted.map((permission) => ({ permission, scopes: kept }));
        const result = after(state, granting({ kind: 'grant', grants, whole: true }))?.state as RoleState;
        const retired = [...state.grants.keys()].filter((key) => CATALOGUE.permission.get(key)?.retired);
        expect([...result.grants.keys()].sort()).toEqual([...wanted, ...retired].sort());
        for (const key of wanted) {
          const all = CATALOGUE.permission.get(key)?.scopes;
          expect(result.grants.get(key)).toEqual(
            kept === undefined ? (state.grants.get(key) ?? all) : (kept ?? []),
          );
        }
      }),
      RUNS,
    );
  });
});

const copyNamed = (name: string): RoleCreation => ({ name, copiedFrom: { role: 'maker', grants: [] } });

describe('names', () => {
  test('of copies fit, differ by their number, and can be taken', () => {
    // A log may hold names that no role may be given any more; their copies may be made.
    const original = fc.oneof(anyName, fc.string({ unit: 'binary', maxLength: 120 }));
    fc.assert(
      fc.property(original, (name) => {
        const names = [1, 2, 3, 9, 10, 99, 100, 999, 1_000].map((n) => copyName(name, n));
        expect(names.filter((each) => characters(each) > NAME_LIMIT)).toEqual([]);
        expect(new Set(names.map(nameKey)).size).toBe(names.length);
        for (const each of names.slice(0, 3)) {
          const decision = decideCreate(copyNamed(each), NEW_ROLE, contextOf());
          expect(decision).toMatchObject({
            accepted: true,
            events: [{ type: 'RoleCreated', data: { role: ROLE, name: each.trim() } }],
          });
        }
      }),
      RUNS,
    );
  });

  test('that are the same in case, form and white space have one key, and a key is its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (name) => {
        const key = nameKey(name);
        expect(nameKey(key)).toBe(key);
        expect(nameKey(`  ${name}\t`)).toBe(key);
        expect(nameKey(name.normalize('NFD'))).toBe(nameKey(name.normalize('NFC')));
      }),
      RUNS,
    );
    for (const same of ['Straße', 'STRASSE', 'STRAẞE', 'strasse']) expect(nameKey(same)).toBe('strasse');
    expect(nameKey('ΟΔΥΣΣΕΥΣ')).toBe(nameKey('οδυσςευς'));
    expect(nameKey('ＳＡＬＥＳ  Team')).toBe(nameKey('sales team'));
    expect(nameKey('Café')).not.toBe(nameKey('Cafe'));
  });
});

test('a copy of a long name ends with a whole emoji', () => {
  const family = '👩\u200d👩\u200d👧';
  for (let length = 82; length < 92; length += 1) {
    const name = copyName(`${'n'.repeat(length)}${family}`, 1);
    expect(name.replace(/^Copy of n+/, '')).toBe(length <= 87 ? family : '');
  }
});
