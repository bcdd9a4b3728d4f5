import { Lexer, Source, TokenKind, type GraphQLError } from 'graphql';

/** Tokens described in messages by kind: their text is the client’s, and may be a value. */
const WORDS: Readonly<Record<string, string>> = {
  [TokenKind.EOF]: 'the end of the text',
  [TokenKind.NAME]: 'a name',
  [TokenKind.INT]: 'a number',
  [TokenKind.FLOAT]: 'a number',
  [TokenKind.STRING]: 'a string',
  [TokenKind.BLOCK_STRING]: 'a string',
  [TokenKind.COMMENT]: 'a comment',
};
/** Limit of the text that is read. */
const LOOK_AT = 2_000;

/** Describes the location of a syntax error, and the kind of token there. */
export function tellSyntax({ source, positions, locations }: GraphQLError): string {
  const at = positions?.[0];
  const place = locations?.[0];
  if (!source || at === undefined || !place) return 'The document does not parse.';
  const kind = kindAt(source.body.slice(at, at + LOOK_AT));
  const what =
    kind === null ? 'what stands there is no GraphQL' : `${WORDS[kind] ?? `“${kind}”`} is unexpected`;
  return `Syntax error in line ${place.line}, column ${place.column}: ${what}.`;
}

function kindAt(text: string): string | null {
  try {
    return new Lexer(new Source(text)).advance().kind;
  } catch {
    return null;
  }
}
