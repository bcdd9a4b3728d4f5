import fc from 'fast-check';
import { changesOf } from '../../console/src/draft/changes';
import { assign, keepScopes, rename, tick } from '../../console/src/draft/edit';
import {
  dropDrafts,
  keepDraft,
  keepKey,
  keptKey,
  restoreDraft,
  type DraftStore,
} from '../../console/src/draft/keep';
import { differenceOf, rebase } from '../../console/src/draft/merge';
import { grantedKeys, NO_EDITS, type RoleBase, type RoleDraft } from '../../console/src/draft/role-draft';

/** A draft on a role that somebody else changed meanwhile. */

const BASE: RoleBase = {
  id: 'Role:desk',
  version: 3,
  name: 'Desk',
  description: '',
  grants: { a: { scopeCount: 2 }, b: { scopeCount: 0 } },
};
const DRAFT: RoleDraft = { base: BASE, edits: NO_EDITS };
const newer = (change: Partial<RoleBase>): RoleBase => ({ ...BASE, version: 4, ...change });

test('edits about other things than theirs stay', () => {
  const draft = tick(rename(DRAFT, 'Night desk'), ['c'], true);
  const { draft: merged, theirs, overlaps } = rebase(draft, newer({ grants: { a: { scopeCount: 1 } } }));
  expect(merged.edits).toEqual(draft.edits);
  expect(theirs).toEqual({ granted: [], revoked: ['b'], narrowed: ['a'] });
  expect(overlaps).toEqual([]);
  expect(grantedKeys(merged).sort()).toEqual(['a', 'c']);
});

test('edits that they made too fall away', () => {
  const draft = tick(tick(rename(DRAFT, 'Night desk'), ['c'], true), ['b'], false);
  const theirs = newer({ name: 'Night desk', grants: { a: { scopeCount: 2 }, c: { scopeCount: 0 } } });
  expect(changesOf(rebase(draft, theirs).draft)).toEqual([]);
});

test('fields that both changed are named', () => {
  const draft = keepScopes(rename(DRAFT, 'Night desk'), 'a', ['x'], { all: ['x', 'y'], before: ['x', 'y'] });
  const { overlaps } = rebase(
    draft,
    newer({ name: 'Day desk', grants: { a: { scopeCount: 1 }, b: { scopeCount: 0 } } }),
  );
  expect(overlaps).toEqual([
    { field: 'name', theirs: 'Day desk', yours: 'Night desk' },
    { field: 'scopes', permission: 'a', theirs: '', yours: 'x' },
  ]);
});

test('scopes of a permission that they revoked go with it', () => {
  const draft = keepScopes(DRAFT, 'a', ['x'], { all: ['x', 'y'], before: ['x', 'y'] });
  expect(changesOf(rebase(draft, newer({ grants: {} })).draft)).toEqual([]);
});

test('whatever both do: what the draft says of a permission holds, and nothing else is touched', () => {
  const keys = ['a', 'b', 'c', 'd'];
  const grants = fc
    .subarray(keys)
    .map((list) => Object.fromEntries(list.map((key) => [key, { scopeCount: 0 }])));
  fc.assert(
    fc.property(
      grants,
      grants,
      fc.dictionary(fc.constantFrom(...keys), fc.boolean()),
      (before, after, wishes) => {
        const base = { ...BASE, grants: before };
        let draft: RoleDraft = { base, edits: NO_EDITS };
        for (const [key, wish] of Object.entries(wishes)) draft = tick(draft, [key], wish);
        const merged = rebase(draft, { ...base, grants: after }).draft;
        const granted = new Set(grantedKeys(merged));
        for (const key of keys) {
          const edited = draft.edits.ticks[key];
          expect(granted.has(key)).toBe(edited ?? key in after);
        }
      },
    ),
  );
});

test('two equal bases do not differ', () => {
  expect(differenceOf(BASE, newer({}))).toEqual({ granted: [], revoked: [], narrowed: [] });
});

describe('a draft that outlives a session', () => {
  const newStore = (): DraftStore => {
    const items = new Map<string, string>();
    return {
      getItem: (name) => items.get(name) ?? null,
      setItem: (name, text) => void items.set(name, text),
      removeItem: (name) => void items.delete(name),
      key: (index) => [...items.keys()][index] ?? null,
      get length() {
        return items.size;
      },
    };
  };
  const ana = { id: 'User:ana', name: 'Ana', username: 'ana', lastLoginAt: null };

  test('is found again by its user', () => {
    const store = newStore();
    const draft = assign(rename(DRAFT, 'Night desk'), [ana]);
    keepDraft(store, 'User:ben', draft);
    expect(restoreDraft(store, 'User:ben', BASE)).toEqual({ draft, merge: null });
  });

  test('is found as it was kept where the role changed meanwhile, with what it comes to on the role of now', () => {
    const store = newStore();
    const draft = assign(rename(DRAFT, 'Night desk'), [ana]);
    keepDraft(store, 'User:ben', draft);
    const restored = restoreDraft(store, 'User:ben', newer({ description: 'Theirs.' }));
    expect(restored.draft).toEqual(draft);
    expect(restored.merge?.theirs.description).toBe('Theirs.');
    const merged = restored.merge?.draft ?? DRAFT;
    expect(changesOf(merged).map(({ kind }) => kind)).toEqual(['name', 'assign']);
    expect(merged.base.version).toBe(4);
  });

  test('is gone where the role of now has all of it: its save came about', () => {
    const store = newStore();
    keepDraft(store, 'User:ben', rename(DRAFT, 'Night desk'));
    const { draft, merge } = restoreDraft(store, 'User:ben', newer({ name: 'Night desk' }));
    expect(changesOf(draft)).toEqual([]);
    expect(draft.base.version).toBe(4);
    expect(merge).toBeNull();
  });

  test('is found by nobody else, nor on another role', () => {
    const store = newStore();
    keepDraft(store, 'User:ben', rename(DRAFT, 'Night desk'));
    expect(changesOf(restoreDraft(store, 'User:eve', BASE).draft)).toEqual([]);
    expect(changesOf(restoreDraft(store, 'User:ben', { ...BASE, id: 'Role:other' }).draft)).toEqual([]);
  });

  test('is gone once nothing is pending, and at sign-out', () => {
    const store = newStore();
    keepDraft(store, 'User:ben', rename(DRAFT, 'Night desk'));
    keepDraft(store, 'User:ben', DRAFT);
    expect(store.length).toBe(0);
    keepDraft(store, 'User:ben', rename(DRAFT, 'Night desk'));
    keepKey(store, 'User:ben', BASE.id, { content: 'sent', key: '1' });
    store.setItem('something.else', 'stays');
    dropDrafts(store);
    expect(store.length).toBe(1);
  });

  test('keeps the key of what was sent, for its user, its role and the same content', () => {
    const store = newStore();
    keepKey(store, 'User:ben', null, { content: 'sent', key: '1' });
    expect(keptKey(store, 'User:ben', null, 'sent')).toBe('1');
    expect(keptKey(store, 'User:ben', null, 'changed since')).toBeNull();
    expect(keptKey(store, 'User:eve', null, 'sent')).toBeNull();
    expect(keptKey(store, 'User:ben', 'Role:desk', 'sent')).toBeNull();
    keepKey(store, 'User:ben', null, null);
    expect(keptKey(store, 'User:ben', null, 'sent')).toBeNull();
  });
});
