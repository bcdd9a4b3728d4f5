import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { parse, type FieldNode, type OperationDefinitionNode } from 'graphql';
import { eventLoop, TURN, Work } from '../../src/shared/turns';
import { Budget } from '../../src/graphql/limits/budget';

/** The account that is kept while a request runs. */
describe('The budget of a request', () => {
  const node = (parse('{ list }').definitions[0] as OperationDefinitionNode).selectionSet
    .selections[0] as FieldNode;
  const begun = (each: number, limit: number, permissions = 0): Budget => {
    const budget = new Budget(new Work(), () => permissions);
    const cost = { cost: 0, depth: 0, mutations: 0, certain: 10, items: new Map([[node, each]]) };
    budget.begin(cost, limit);
    return budget;
  };
  const items = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
  beforeEach(() => nextTurn());

  test('is charged with what lists turn out to hold, and ends at twice the limit', () => {
    const refused = expect.objectContaining({ code: 'QUERY_TOO_COMPLEX' });
    const budget = begun(2, 100);
    void budget.list(items(50), [node]);
    void budget.list(items(45), [node]);
    expect(() => budget.list(items(1), [node])).toThrow(refused);
    expect(() => budget.list(items(1), [node])).toThrow(refused);
    // A page that shows all of a large catalogue is not refused.
    expect(() => begun(2, 100, 1_000).list(items(10_000), [node])).not.toThrow();
  });

  test('cuts a list into turns, none of which holds more than a turn does, and loses nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: TURN }),
        async (lengths, each) => {
          await nextTurn();
          eventLoop.most = 0;
          const budget = begun(each, Infinity);
          const found = await Promise.all(
            lengths.map(async (length) => Promise.all(await budget.list(items(length), [node]))),
          );
          expect(found).toEqual(lengths.map(items));
          expect(eventLoop.most).toBeLessThanOrEqual(2 * TURN);
        },
      ),
      // Waking a step once came on top of a turn that was nearly used up.
      { numRuns: 20, examples: [[[1_546, 695, 2_301], 197]] },
    );
  });
});
