import { RequestContext } from '../../src/graphql/context';

/** A request for two moments of which neither is one: a failure that nobody waits for would end the process. */

test('a moment that is none is refused by a promise, never by a throw', async () => {
  const context = Object.create(RequestContext.prototype) as RequestContext;
  Object.assign(context, { past: new Map(), pinned: {} });
  for (const asOf of [{}, { time: new Date(0), position: 'x' }])
    await expect(context.at(asOf).catch((error: Error) => error.message)).resolves.toContain('exactly one');
});
