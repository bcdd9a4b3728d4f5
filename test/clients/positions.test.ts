import fc from 'fast-check';
import { load } from './documented';

/** The rule by which clients read their own writes, in the code that docs/frontend.md shows. */

interface Answer {
  readonly data?: object | null;
  readonly errors?: readonly { readonly path?: unknown; readonly extensions?: { readonly code: string } }[];
  readonly extensions?: { readonly position: string };
}
interface Positions {
  readonly wanted: readonly string[];
  headers(): Record<string, string>;
  answered(sent: readonly string[], kind: string, answer: Answer): void;
}
const newPositions = (): Positions => new (load<{ Positions: new () => Positions }>('positions').Positions)();

/** Positions as clients see them: nothing tells which of two is later. */
const opaque = (position: number): string => `p${(position * 7_919) % 10_007}`;
const latest = (texts: readonly string[], head: number): number =>
  Math.max(0, ...Array.from({ length: head + 1 }, (_, at) => at).filter((at) => texts.includes(opaque(at))));

interface Request {
  readonly kind: 'query' | 'mutation';
  readonly sent: readonly string[];
  answer?: Answer;
  position?: number;
}

test('whatever the order in which requests are run and answered, an answer shows all that was acknowledged before', () => {
  const step = fc.tuple(
    fc.constantFrom('query', 'mutation', 'run', 'run', 'answer', 'answer'),
    fc.nat(),
    fc.nat(),
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
      const positions = newPositions();
      let head = 1;
      let acknowledged = 0;
      let under = 0;
      const open: Request[] = [];
      for (const [what, which, dice] of steps) {
        if (what === 'query' || what === 'mutation') {
          const sent = positions.wanted;
          expect(latest(sent, head)).toBeGreaterThanOrEqual(acknowledged);
          open.push({ kind: what, sent });
          if (what === 'mutation') under += 1;
        }
        const choices = open.filter(({ answer }) => (what === 'answer') === (answer !== undefined));
        const request = choices[which % choices.length];
        if (request && what === 'run') run(request, dice);
        if (request && what === 'answer') {
          open.splice(open.indexOf(request), 1);
          positions.answered(request.sent, request.kind, request.answer!);
          acknowledged = Math.max(acknowledged, request.position ?? 0);
          // Queries add nothing to what is held.
          expect(positions.wanted.length).toBeLessThanOrEqual(1 + 2 * under);
        }
      }
      /** Some replica runs it, which shows at least what the request asks for, and at most all that there is. */
      function run(request: Request, dice: number): void {
        const least = latest(request.sent, head);
        if (request.kind === 'query') {
          request.answer = {
            data: {},
            extensions: { position: opaque(least + (dice % (head - least + 1))) },
          };
          return;
        }
        head += 1;
        request.position = head;
        const projected = dice % 3 > 0;
        const shown = projected ? head : least + (dice % (head - least));
        request.answer = {
          data: { updateRole: { position: opaque(head), projected } },
          extensions: { position: opaque(shown) },
        };
      }
    }),
  );
});

test('an answer covers what its request was sent with, and nothing else', () => {
  const positions = newPositions();
  const answered = (sent: readonly string[], kind: string, position: string): readonly string[] => {
    positions.answered(sent, kind, { data: {}, extensions: { position } });
    return positions.wanted;
  };
  expect(positions.headers()).toEqual({});
  expect(answered([], 'query', 'a')).toEqual(['a']);
  // Two mutations at once.
  expect(answered(['a'], 'mutation', 'c')).toEqual(['c']);
  expect(answered(['a'], 'mutation', 'b')).toEqual(['c', 'b']);
  expect(positions.headers()).toEqual({ 'Rolebook-Min-Position': 'c, b' });
  // A query from before them, and one from after them.
  expect(answered(['a'], 'query', 'a')).toEqual(['c', 'b']);
  expect(answered(['c', 'b'], 'query', 'd')).toEqual(['d']);
});

test('positions of a log that is gone are dropped, and only those', () => {
  const positions = newPositions();
  positions.answered([], 'query', { data: {}, extensions: { position: 'a' } });
  const refusal = (code: string, path?: string[]): Answer => ({ errors: [{ path, extensions: { code } }] });
  positions.answered(['a'], 'query', refusal('POSITION_NOT_REACHED'));
  // A position in a field, as `asOf`, is another one.
  positions.answered(['a'], 'query', refusal('POSITION_OF_A_FORK', ['role']));
  expect(positions.wanted).toEqual(['a']);
  positions.answered(['a'], 'query', refusal('POSITION_OF_A_FORK'));
  expect(positions.wanted).toEqual([]);
});

test('of more positions than a request takes, each answer takes in those that it was sent with', () => {
  const positions = newPositions();
  const many = Array.from({ length: 70 }, (_, n) => `m${n}`);
  for (const position of many) positions.answered([], 'mutation', { data: {}, extensions: { position } });
  expect(positions.wanted).toEqual(many.slice(0, 32));
  for (const [n, position] of ['a', 'b', 'c'].entries()) {
    const sent = positions.wanted;
    expect(sent.length).toBeLessThanOrEqual(32);
    positions.answered(sent, 'query', { data: {}, extensions: { position } });
    expect(positions.wanted.includes(many[32 * n]!)).toBe(false);
  }
  expect(positions.wanted).toEqual(['c']);
});
