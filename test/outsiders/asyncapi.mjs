/** Prints as JSON what the parser of AsyncAPI, which lints too, says of the document on stdin. */
import { text } from 'node:stream/consumers';
import { Parser } from '@asyncapi/parser';

const { document, diagnostics } = await new Parser().parse(await text(process.stdin));
const messages = document?.allMessages().all() ?? [];
const found = diagnostics.map(({ severity, code, path, message }) => ({ severity, code, path, message }));
process.stdout.write(
  JSON.stringify({
    version: document?.version() ?? null,
    messages: messages.map((message) => message.id()).sort(),
    operations:
      document
        ?.allOperations()
        .all()
        .map((operation) => operation.id()) ?? [],
    diagnostics: found,
  }),
);
