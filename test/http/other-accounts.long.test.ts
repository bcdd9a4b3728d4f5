import { answerTo, tells, twoAccounts } from './foreign-ids';

/** Thousands of probes: everything of another account, at every place that takes an id, position or cursor. */

test('nothing of another account is told, and none of it differs from what never was', async () => {
  const { server, probes, foreign } = await twoAccounts();
  try {
    const differing: string[] = [];
    let asked = 0;
    for (const probe of probes) {
      for (const { text, unknown } of foreign) {
        const [answer, other] = [
          await answerTo(server, probe, text),
          await answerTo(server, probe, unknown()),
        ];
        asked += 2;
        if (answer !== other || tells(answer)) differing.push(`${probe.at} ${text}: ${answer} | ${other}`);
      }
    }
    expect(differing).toEqual([]);
    expect(asked).toBeGreaterThan(5_000);
  } finally {
    await server.close();
  }
}, 1_800_000);
