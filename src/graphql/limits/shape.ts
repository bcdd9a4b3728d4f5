import {
  Kind,
  Lexer,
  parse,
  Source,
  TokenKind,
  visit,
  type DocumentNode,
  type SelectionSetNode,
} from 'graphql';
import { requestError } from '../errors';

/**
 * Limits of a request’s text, checked before it is even validated: validation compares fields pairwise, so that some
 * kilobytes of text could block the event loop for seconds. Every request of a screen is far below these.
 */
export const MAX_TOKENS = 10_000;
const MAX_FIELDS = 600;
const MAX_FRAGMENTS = 50;
const MAX_SPREADS = 200;
/** Times that one selection may ask for the same name. */
const MAX_REPEATS = 5;
const MAX_NESTING = 60;
/** Nesting of brackets of any kind; the parser, which recurses for each, has stack enough for many times that. */
const MAX_BRACKETS = 120;
/** Far beyond the names that tools generate; answers and metrics repeat names. */
const MAX_NAME = 256;

const OPENING: readonly string[] = [TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L];
const CLOSING: readonly string[] = [TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R];

/** Options for parsing every document: the locations of its nodes would keep all of its text in memory. */
export const PARSING = { maxTokens: MAX_TOKENS, noLocation: true } as const;

/** @throws RequestError `QUERY_TOO_COMPLEX` for a text of more bytes than a limit */
export function checkLength(text: string, limit: number): void {
  // No text has fewer bytes than characters, or more than three for each.
  if (text.length > limit || (text.length * 3 > limit && Buffer.byteLength(text) > limit))
    throw tooComplex(`has a text of more than ${limit} bytes`);
}

/**
 * Scans a request’s text token by token, before it is parsed. Text that is not GraphQL is left to the parser to report.
 * @throws GraphQLError `QUERY_TOO_COMPLEX`
 */
export function checkTokens(text: string): void {
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let depth = 0;
  for (let token = next(lexer); token !== null; token = next(lexer)) {
    tokens += 1;
    if (tokens > MAX_TOKENS) throw tooComplex(`has more than ${MAX_TOKENS} tokens`);
    if (OPENING.includes(token.kind)) depth += 1;
    else if (CLOSING.includes(token.kind)) depth -= 1;
    else if (token.kind === TokenKind.NAME && token.value.length > MAX_NAME)
      throw tooComplex(`has a name of more than ${MAX_NAME} characters`);
    if (depth > MAX_BRACKETS) throw tooComplex(`nests deeper than ${MAX_BRACKETS}`);
  }
}

function next(lexer: Lexer) {
  try {
    const token = lexer.advance();
    return token.kind === TokenKind.EOF ? null : token;
  } catch {
    return null;
  }
}

/** Parses a request’s text. A text that does not parse is left to the server to report. @throws `QUERY_TOO_COMPLEX` */
export function checkShape(text: string): void {
  const document = parsed(text);
  if (!document) return;
  let fields = 0;
  let spreads = 0;
  let nesting = 0;
  visit(document, {
    Field: () => void (fields += 1),
    FragmentSpread: () => void (spreads += 1),
    SelectionSet: {
      enter(node) {
        nesting += 1;
        if (nesting > MAX_NESTING) throw tooComplex(`nests deeper than ${MAX_NESTING}`);
        if (mostRepeated(node) > MAX_REPEATS)
          throw tooComplex(`asks for the same name more than ${MAX_REPEATS} times in one place`);
      },
      leave: () => void (nesting -= 1),
    },
  });
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).length;
  if (fields > MAX_FIELDS) throw tooComplex(`has more than ${MAX_FIELDS} fields`);
  if (fragments > MAX_FRAGMENTS || spreads > MAX_SPREADS) throw tooComplex('has too many fragments');
}

function parsed(text: string): DocumentNode | null {
  try {
    return parse(text, PARSING);
  } catch {
    return null;
  }
}

const tooComplex = (what: string) => requestError('QUERY_TOO_COMPLEX', `The request ${what}.`);

/** Number of times that the most repeated name is asked for; inline fragments count in the selection around them. */
function mostRepeated(selection: SelectionSetNode): number {
  const counts = new Map<string, number>();
  const count = ({ selections }: SelectionSetNode): void => {
    for (const each of selections) {
      if (each.kind === Kind.INLINE_FRAGMENT) count(each.selectionSet);
      if (each.kind !== Kind.FIELD) continue;
      const name = (each.alias ?? each.name).value;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  };
  count(selection);
  return Math.max(0, ...counts.values());
}
