import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SETTINGS } from '../../src/config/config';
import type { Setting } from '../../src/config/settings-reader';
import { operationsOf } from '../docs/operations';
import { Installation, type ServerProcess } from './installation';

/** Operations that the README tells people to paste work, in its order, on the demo; those of the frontend page after them. */

const page = (...names: string[]): string => readFileSync(path.join(__dirname, '..', '..', ...names), 'utf8');
const operations = [...operationsOf('README.md'), ...operationsOf('docs/frontend.md')].map(
  ({ text }) => text,
);

test('every operation of the tour answers without an error, also when the tour is done again', async () => {
  expect(operations.length).toBeGreaterThan(9);
  const installation = new Installation();
  try {
    const server = await installation.start();
    const first = await walk(server);
    const second = await walk(server);
    expect([first, second]).toEqual([expect.stringMatching(/^Role:/), expect.stringMatching(/^Role:/)]);
    expect(second).not.toBe(first);
    await server.stop();
  } finally {
    installation.remove();
  }
});

/** A role of the demo that stays. */
const KEPT = '{ roles(kind: CUSTOM, search: "Newsletter editor", first: 1) { nodes { id } } }';

/** Does the tour; the id of the role that it makes. */
async function walk(server: ServerProcess): Promise<string> {
  let id = '';
  let was: string | undefined;
  const { data } = await server.graphql<{ roles: { nodes: { id: string }[] } }>(KEPT);
  const kept = data.roles.nodes[0]?.id;
  for (const operation of operations) {
    const then = new Date(Date.now() - 86_400_000).toISOString();
    // The role that the tour makes is deleted before a change is previewed.
    const known = Object.entries({ id: operation.startsWith('query Review') ? kept : id, then, was });
    const variables = Object.fromEntries(known.filter(([name]) => operation.includes(`$${name}`)));
    const answer = await server.graphql<Record<string, Field | null>>(operation, variables);
    expect([operation, answer.errors]).toEqual([operation, undefined]);
    for (const field of Object.values(answer.data)) {
      expect(field).not.toBeNull();
      expect(field?.errors ?? []).toEqual([]);
    }
    // The page of the new role shows it as it was made, not as an earlier tour left it.
    if (operation.startsWith('query RolePage')) expect(answer.data.role).toMatchObject(NEW_ROLE);
    id ||= answer.data.createRole?.role?.id ?? '';
    // The entry before the deletion.
    if (operation.startsWith('query WhatWas')) was = answer.data.role?.history?.edges[1]?.node.role?.pastId;
  }
  return id;
}

interface Field {
  readonly errors?: unknown[];
  readonly role?: { readonly id?: string; readonly userCount?: number };
  readonly history?: {
    readonly edges: readonly { readonly node: { readonly role: { readonly pastId: string } | null } }[];
  };
}

const NEW_ROLE = {
  name: 'Night shift lead',
  version: expect.any(Number) as number,
  users: { totalCount: 2 },
};

test('the table of settings names every setting', () => {
  for (const { name } of Object.values<Setting>(SETTINGS))
    expect(page('docs', 'settings.md')).toContain(`| \`${name}\` |`);
});
