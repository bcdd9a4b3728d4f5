import { Lexer, Source, TokenKind } from 'graphql';
import { requestError } from '../errors';
import { MAX_TOKENS } from './shape';

/** Brackets of any kind in each other; the parser, which calls itself for each, has a stack for many times that. */
const MAX_BRACKETS = 120;
/** Far beyond the names that tools make; answers and metrics repeat names. */
const MAX_NAME = 256;

const OPENING: readonly string[] = [TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L];
const CLOSING: readonly string[] = [TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R];

/**
 * Looks at a request’s text token by token, before anything parses it. What is no text of GraphQL is left to the parser to report.
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

const tooComplex = (what: string) => requestError('QUERY_TOO_COMPLEX', `The request ${what}.`);
