'use strict';
/**
 * Writes console/src/generated/graphql.ts: the types of every `.graphql` file of the console, and its documents. `npm run emit`
 * runs it, and `npm run drift` shows that the committed file is the one of now, so that a build needs no generator.
 */
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { preset } = require('@graphql-codegen/client-preset');
const { codegen } = require('@graphql-codegen/core');
const { buildASTSchema, parse } = require('graphql');

const sources = path.join(__dirname, '..', 'console', 'src');
const config = {
  useTypeImports: true,
  immutableTypes: true,
  enumType: 'string-literal',
  scalars: { DateTime: 'string', Position: 'string', ID: 'string' },
};

async function main() {
  const schema = parse(readFileSync(path.join(__dirname, '../schema/schema.graphql'), 'utf8'));
  const documents = readdirSync(sources, { recursive: true })
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => {
      const rawSDL = readFileSync(path.join(sources, name), 'utf8');
      return { location: name, document: parse(rawSDL), rawSDL };
    });
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: `${path.join(sources, 'generated')}/`,
    presetConfig: { fragmentMasking: false },
    schema,
    schemaAst: buildASTSchema(schema),
    documents,
    config,
    plugins: [],
    pluginMap: {},
    pluginContext: {},
  });
  // The preset has a tag function besides, which finds documents by their text and so brings all of them everywhere.
  const types = sections.find(({ filename }) => filename.endsWith('graphql.ts'));
  writeFileSync(path.join(sources, 'generated/graphql.ts'), `${await codegen(types)}\n`);
}
main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
