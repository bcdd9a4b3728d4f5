import { SealLoop, type SealReport } from '../../../src/transparency/follower/seal-loop';

describe('the loop of seals', () => {
  const loops: SealLoop[] = [];
  afterEach(async () => {
    for (const each of loops.splice(0)) await each.close();
  });

  function loopOf(
    head: () => bigint | null,
    pass: () => Promise<SealReport>,
  ): SealLoop & { failures: unknown[] } {
    const failures: unknown[] = [];
    const loop = new SealLoop({
      intervalMs: 3_600_000,
      head: async () => head(),
      pass,
      onPass: () => undefined,
      onFailure: (error) => failures.push(error),
      now: () => 1_000,
    });
    loops.push(loop);
    return Object.assign(loop, { failures });
  }

  it('does nothing while nothing is recorded', async () => {
    let [end, passes] = [null as bigint | null, 0];
    const loop = loopOf(
      () => end,
      async () => {
        passes += 1;
        return { kind: 'sealed', last: { at: 5, events: Number(end) } };
      },
    );
    await loop.passNow();
    expect(passes).toBe(0);
    end = 7n;
    for (let n = 0; n < 5; n += 1) await loop.passNow();
    expect(passes).toBe(1);
    expect(loop.status).toEqual({ last: { at: 5, events: 7 }, unsealedSince: null });
  });

  it('tries again after a failure, and tells since when events wait', async () => {
    const outcomes: (SealReport | Error)[] = [
      new Error('away'),
      { kind: 'early', last: { at: 5, events: 1 } },
      { kind: 'sealed', last: { at: 9, events: 2 } },
    ];
    const loop = loopOf(
      () => 2n,
      async () => {
        const next = outcomes.shift()!;
        if (next instanceof Error) throw next;
        return next;
      },
    );
    await loop.passNow();
    expect(loop.failures).toHaveLength(1);
    expect(loop.status).toEqual({ last: null, unsealedSince: 1_000 });
    await loop.passNow();
    expect(loop.status).toEqual({ last: { at: 5, events: 1 }, unsealedSince: 1_000 });
    await loop.passNow();
    expect(loop.status).toEqual({ last: { at: 9, events: 2 }, unsealedSince: null });
    await loop.passNow();
    expect(outcomes).toEqual([]);
  });

  it('has one pass at a time', async () => {
    let [running, most] = [0, 0];
    const loop = loopOf(
      () => 1n,
      async () => {
        most = Math.max(most, (running += 1));
        await new Promise(setImmediate);
        running -= 1;
        return { kind: 'early', last: null };
      },
    );
    await Promise.all([loop.passNow(), loop.passNow(), loop.passNow()]);
    expect(most).toBe(1);
  });
});
