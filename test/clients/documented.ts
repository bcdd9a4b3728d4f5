import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from '@swc/core';
import { buildSchema, type GraphQLSchema } from 'graphql';

/** The code and the operations that the pages show to developers of frontends: what these tests run. */

const ROOT = path.join(__dirname, '..', '..');
const read = (...names: string[]): string => readFileSync(path.join(ROOT, ...names), 'utf8');

/** Pages that may show operations. */
const PAGES = [
  'README.md',
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
];
export const SCHEMA = path.join(ROOT, 'schema', 'schema.graphql');

export const schema = (): GraphQLSchema => buildSchema(readFileSync(SCHEMA, 'utf8'));

const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, block]) => block ?? '');

/** Files of TypeScript that a page shows, by the name in the first line of each. */
export const sources = (page = 'frontend.md'): Map<string, string> =>
  new Map(
    blocksOf(read('docs', page), 'ts').map((block) => {
      const [, name] = /^\/\/ (\S+)\.ts\n/.exec(block) ?? [];
      if (name === undefined) throw new Error(`A block of TypeScript names no file: ${block}`);
      return [name, block];
    }),
  );

/** The settings of relay-compiler that the page shows. */
export function relayConfig(): Record<string, unknown> {
  const [config] = blocksOf(read('docs', 'frontend.md'), 'json').filter((block) =>
    block.includes('"schema"'),
  );
  return JSON.parse(config ?? 'null') as Record<string, unknown>;
}

/** Runs a module of TypeScript; its exports. */
export function evaluate(
  source: string,
  into: Record<string, unknown> = {},
  load: (id: string) => unknown = require,
): Record<string, unknown> {
  const { code } = transformSync(source, {
    swcrc: false,
    module: { type: 'commonjs' },
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  });
  new Function('exports', 'require', code)(into, load);
  return into;
}

/** Loads a file that a page shows, and those that it imports. */
export function load<Module>(
  name: string,
  loaded = new Map<string, Record<string, unknown>>(),
  page = 'frontend.md',
): Module {
  const source = sources(page).get(name);
  if (source === undefined) throw new Error(`docs/${page} shows no ${name}.ts`);
  const exports: Record<string, unknown> = {};
  loaded.set(name, exports);
  evaluate(source, exports, (id) => {
    const own = /^\.\/(.*)/.exec(id)?.[1];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the packages are those that the page imports
    return own === undefined ? require(id) : (loaded.get(own) ?? load(own, loaded, page));
  });
  return exports as Module;
}

/** Blocks of GraphQL on the pages, by page. */
export const documents = (): { readonly page: string; readonly text: string }[] =>
  PAGES.flatMap((page) => blocksOf(read(page), 'graphql').map((text) => ({ page, text })));
