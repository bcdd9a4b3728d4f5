import type { Client } from '@urql/core';
import { keepScopes, rename, tick } from '../draft/edit';
import { grantedKeys, NEW_ROLE, NO_EDITS, scopeCountOf, type RoleDraft } from '../draft/role-draft';
import { ScopesOfRoleDocument } from '../generated/graphql';
import type { FormSection } from './sections';

let handed: RoleDraft | null = null;

/** Hands a draft over to the form of a new role, which opens with it. */
export function handOver(draft: RoleDraft): void {
  handed = draft;
}

/** Takes the draft that was handed over, once. */
export function takeOver(): RoleDraft | null {
  const draft = handed;
  handed = null;
  return draft;
}

/**
 * Draft of a new role that will be as this one is in its form, with what is not saved yet. Scopes that the role narrowed
 * before are asked for: a form knows only how many there are until somebody looks.
 */
export async function copyOf(
  client: Client,
  draft: RoleDraft,
  sections: readonly FormSection[],
  name: string,
): Promise<RoleDraft> {
  const permissions = sections.flatMap((section) => section.permissions);
  const granted = new Set(grantedKeys(draft));
  const offered = permissions.filter(({ key, grantable }) => granted.has(key) && grantable);
  let copy = tick(
    rename({ base: NEW_ROLE, edits: NO_EDITS }, name),
    offered.map(({ key }) => key),
    true,
  );
  copy = {
    ...copy,
    edits: { ...copy.edits, description: draft.edits.description ?? draft.base.description },
  };
  for (const { key, scopesId, totalScopeCount } of offered) {
    if (scopeCountOf(draft, key, totalScopeCount) === totalScopeCount) continue;
    const { all, kept } = await scopesOf(client, scopesId);
    copy = keepScopes(copy, key, draft.edits.scopes[key]?.keep ?? kept, { all, before: all });
  }
  return copy;
}

async function scopesOf(client: Client, id: string): Promise<{ all: string[]; kept: string[] }> {
  const { data, error } = await client.query(ScopesOfRoleDocument, { id }).toPromise();
  if (error) throw error;
  const scopes = data?.node && 'scopes' in data.node ? data.node.scopes : [];
  const names = (list: typeof scopes): string[] => list.map(({ name }) => name);
  return { all: names(scopes), kept: names(scopes.filter(({ selected }) => selected)) };
}
