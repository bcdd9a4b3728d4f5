import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { load, SCHEMA } from './documented';

interface Page {
  readonly default: {
    readonly generates: Record<string, { readonly plugins: string[]; readonly config: object }>;
  };
}

/** Types that GraphQL Code Generator makes of documents, with the settings of the page. @throws Error if it refuses */
export function generateTypes(texts: readonly string[]): string {
  const [made] = Object.values(load<Page>('codegen').default.generates);
  expect(made?.plugins).toEqual(['typescript-operations']);
  const input = { schema: readFileSync(SCHEMA, 'utf8'), documents: texts, config: made?.config };
  return execFileSync(process.execPath, [path.join(__dirname, 'code-generator.js')], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    stdio: 'pipe',
  });
}
