import {
  Kind,
  Lexer,
  parse,
  Source,
  TokenKind,
  visit,
  type DocumentNode,
  type FieldNode,
  type SelectionSetNode,
} from 'graphql';
import { requestError } from '../errors';
import { comparisons } from './comparisons';

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
/** Names under which one selection may ask for the same field: what guesses in bulk needs many. */
const MAX_ALIASES = 100;
/** Fields with those of fragments, wherever these are spread. */
const MAX_EXPANDED = 5_000;
/** Pairs of fields of one name in one place, by whatever fragments: validation compares both, and all below them. */
const MAX_PAIRS = 2_000;
/** Variables of all operations; validation looks for each in all places. */
const MAX_VARIABLES = 300;
/** Characters of block strings in one text: each line of one costs as much as a field. */
const MAX_BLOCK_STRINGS = 20_000;
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
 * Scans a request’s text token by token, before it is parsed.
 * @returns false for a text that is not GraphQL, which is left to the parser to report
 * @throws GraphQLError `QUERY_TOO_COMPLEX`
 */
export function checkTokens(text: string): boolean {
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let depth = 0;
  let blockStrings = 0;
  for (let token = next(lexer); token?.kind !== TokenKind.EOF; token = next(lexer)) {
    if (token === null) return false;
    tokens += 1;
    if (tokens > MAX_TOKENS) throw tooComplex(`has more than ${MAX_TOKENS} tokens`);
    if (OPENING.includes(token.kind)) depth += 1;
    else if (CLOSING.includes(token.kind)) depth -= 1;
    else if (token.kind === TokenKind.NAME && token.value.length > MAX_NAME)
      throw tooComplex(`has a name of more than ${MAX_NAME} characters`);
    else if (token.kind === TokenKind.BLOCK_STRING) blockStrings += token.end - token.start;
    if (depth > MAX_BRACKETS) throw tooComplex(`nests deeper than ${MAX_BRACKETS}`);
    if (blockStrings > MAX_BLOCK_STRINGS)
      throw tooComplex(`has more than ${MAX_BLOCK_STRINGS} characters of block strings`);
  }
  return true;
}

function next(lexer: Lexer) {
  try {
    return lexer.advance();
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
  let variables = 0;
  visit(document, {
    VariableDefinition: () => void (variables += 1),
    Field: () => void (fields += 1),
    FragmentSpread: () => void (spreads += 1),
    SelectionSet: {
      enter(node) {
        nesting += 1;
        if (nesting > MAX_NESTING) throw tooComplex(`nests deeper than ${MAX_NESTING}`);
        if (mostRepeated(node, ({ alias, name }) => (alias ?? name).value) > MAX_REPEATS)
          throw tooComplex(`asks for the same name more than ${MAX_REPEATS} times in one place`);
        if (mostRepeated(node, ({ name }) => name.value) > MAX_ALIASES)
          throw tooComplex(`asks for the same field by more than ${MAX_ALIASES} names in one place`);
      },
      leave: () => void (nesting -= 1),
    },
  });
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).length;
  if (variables > MAX_VARIABLES) throw tooComplex(`has more than ${MAX_VARIABLES} variables`);
  if (fields > MAX_FIELDS) throw tooComplex(`has more than ${MAX_FIELDS} fields`);
  if (fragments > MAX_FRAGMENTS || spreads > MAX_SPREADS) throw tooComplex('has too many fragments');
  const compared = comparisons(document, { fields: MAX_EXPANDED, pairs: MAX_PAIRS, nesting: MAX_NESTING });
  if (compared.fields > MAX_EXPANDED) throw tooComplex('has too many fields in its fragments');
  if (compared.pairs > MAX_PAIRS) throw tooComplex('asks for the same names in too many of its fragments');
}

function parsed(text: string): DocumentNode | null {
  try {
    return parse(text, PARSING);
  } catch {
    return null;
  }
}

const tooComplex = (what: string) => requestError('QUERY_TOO_COMPLEX', `The request ${what}.`);

/** Number of times that the most repeated text of fields occurs; inline fragments count in the selection around them. */
function mostRepeated(selection: SelectionSetNode, textOf: (field: FieldNode) => string): number {
  const counts = new Map<string, number>();
  const count = ({ selections }: SelectionSetNode): void => {
    for (const each of selections) {
      if (each.kind === Kind.INLINE_FRAGMENT) count(each.selectionSet);
      if (each.kind !== Kind.FIELD) continue;
      const text = textOf(each);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  };
  count(selection);
  return Math.max(0, ...counts.values());
}
