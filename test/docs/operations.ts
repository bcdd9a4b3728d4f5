import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Operations that the pages show, for tests that run them. */

const ROOT = path.join(__dirname, '..', '..');

/** Pages that show operations. */
export const PAGES = ['README.md', 'docs/auditing.md', 'docs/frontend.md', 'docs/screens.md'] as const;
export type Page = (typeof PAGES)[number];

export interface DocumentedOperation {
  readonly name: string;
  readonly text: string;
}

/** Operations of a page in its order, each alone: GraphiQL asks which one of a block to run. */
export const operationsOf = (page: Page): DocumentedOperation[] =>
  [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/```graphql\n([^]*?)```/g)]
    .flatMap(([, block = '']) => block.split(/\n(?=(?:query|mutation) )/))
    .map((text) => ({ name: /^(?:query|mutation) (\w+)/.exec(text)?.[1] ?? '', text }));
