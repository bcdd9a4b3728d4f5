import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SETTINGS } from '../../src/config';
import type { Setting } from '../../src/settings-reader';
import { Installation } from './installation';

/** What the README tells people to paste works, in its order, on the demo. */

const README = readFileSync(path.join(__dirname, '..', '..', 'README.md'), 'utf8');
const tour = [...README.matchAll(/```graphql\n([^]*?)```/g)].map(([, text]) => text ?? '');

/** Each operation of a block alone: GraphiQL asks which one to run. */
const operations = tour.flatMap((block) => block.split(/\n(?=(?:query|mutation) )/));

test('every operation of the tour answers without an error', async () => {
  expect(operations.length).toBeGreaterThan(9);
  const installation = new Installation();
  try {
    const server = await installation.start();
    let id = '';
    for (const operation of operations) {
      const then = new Date(Date.now() - 86_400_000).toISOString();
      const variables = operation.includes('$id') ? { id } : operation.includes('$then') ? { then } : {};
      const answer = await server.graphql<
        Record<string, { errors?: unknown[]; role?: { id?: string } } | null>
      >(operation, variables);
      expect([operation, answer.errors]).toEqual([operation, undefined]);
      for (const field of Object.values(answer.data)) {
        expect(field).not.toBeNull();
        expect(field?.errors ?? []).toEqual([]);
      }
      id ||= answer.data.createRole?.role?.id ?? '';
    }
    expect(id).toMatch(/^Role:/);
    await server.stop();
  } finally {
    installation.remove();
  }
});

test('the table of settings names every setting', () => {
  for (const { name } of Object.values<Setting>(SETTINGS)) expect(README).toContain(`| \`${name}\` |`);
});
