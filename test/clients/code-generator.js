/* eslint-disable @typescript-eslint/no-require-imports -- it is run as it stands */
'use strict';
const { codegen } = require('@graphql-codegen/core');
const { parse } = require('graphql');

/**
 * Runs GraphQL Code Generator in a process of its own: some of its packages are ES modules, which jest does not load.
 * Reads `{schema, documents, config}` from stdin, and writes the types to stdout.
 */
async function main() {
  let input = '';
  for await (const part of process.stdin) input += part;
  const { schema, documents, config } = JSON.parse(input);
  const plugin = 'typescript-operations';
  const made = await codegen({
    filename: 'rolebook.ts',
    schema: parse(schema),
    documents: documents.map((text, index) => ({ location: `${index}.graphql`, document: parse(text) })),
    plugins: [{ [plugin]: config }],
    pluginMap: { [plugin]: require('@graphql-codegen/typescript-operations') },
    config: {},
  });
  process.stdout.write(made);
}
main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
