import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { documents, sources } from './documented';
import { generateTypes } from './generate-types';

/** The code that docs/frontend.md shows, and the types generated for its operations, pass the compiler. */

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
};

/** Mistakes in files, by name. */
function mistakes(files: ReadonlyMap<string, string>): string[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rolebook-types-'));
  try {
    symlinkSync(path.join(__dirname, '..', '..', 'node_modules'), path.join(folder, 'node_modules'), 'dir');
    for (const [name, source] of files) writeFileSync(path.join(folder, `${name}.ts`), source);
    const program = ts.createProgram(
      [...files.keys()].map((name) => path.join(folder, `${name}.ts`)),
      OPTIONS,
    );
    return ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) =>
          `${path.basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('every file of the page is sound, with the types of the packages that it imports', () => {
  const files = sources();
  expect([...files.keys()]).toEqual(['cache-rules', 'positions', 'apollo', 'urql', 'relay', 'codegen']);
  // One mistake, so that it shows that mistakes are found.
  files.set(
    'use',
    "import { Positions } from './positions';\nexport const wanted: number = new Positions().wanted;\n",
  );
  expect(mistakes(files)).toEqual([expect.stringMatching(/^use\.ts: .*not assignable to type 'number'/)]);
});

test('the types generated for every operation of the pages are sound, and tell a mistake', () => {
  const use =
    "import type { CreateMutation } from './generated';\nexport const made: CreateMutation['createRole'] = 1;\n";
  const generated = generateTypes(documents().map(({ text }) => text));
  const found = mistakes(
    new Map([
      ['generated', generated],
      ['use', use],
    ]),
  );
  expect(found).toEqual([expect.stringMatching(/^use\.ts: Type '(number|1)' is not assignable/)]);
});
