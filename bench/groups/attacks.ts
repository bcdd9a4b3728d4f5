import { Pool } from 'undici';
import type { Attack } from '../attacks/attack';
import { amplified, fragments, nested } from '../attacks/documents';
import { introspection, telling, ways } from '../attacks/probes';
import { floods, many, variables } from '../attacks/texts';
import { smallest, type Group } from '../context';
import { startWatched } from '../processes';
import type { Figure } from '../report/figure';
import { percentile } from '../stats';

/**
 * CPU time of a server for each attack, of all its threads, and the status of its answer. As where strangers come by, the
 * schema is not shown; the attacker has a token of an admin, whom no right stops.
 */

const FAMILIES: readonly (readonly Attack[])[] = [
  amplified,
  nested,
  fragments,
  floods,
  many,
  variables,
  introspection,
  telling,
  ways,
];
/** In milliseconds. */
const MOST_CPU = 20;

/** An answer must not tell anybody more than that, whatever was sent. */
const TELLS = /\bat .*\.js:\d|node_modules|Did you mean|"tracing"|stacktrace|sqlite/i;

interface Answer {
  readonly status: number;
  readonly code: string;
}

export const attacks: Group = async (bench) => {
  const folder = await bench.data.folder(smallest(bench));
  const server = await startWatched(folder.directory, { ROLEBOOK_INTROSPECTION: 'off' });
  const pool = new Pool(server.url, { connections: 1 });
  let sent = 0;
  const send = async ({ request }: Attack): Promise<Answer> => {
    const { method = 'POST', path = '/graphql', headers, body } = request((sent += 1));
    const answer = await pool.request({
      method,
      path,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${folder.token}`, ...headers },
      body: body ?? null,
    });
    const text = await answer.body.text();
    if (TELLS.test(text)) throw new Error(`An answer tells too much: ${text.slice(0, 500)}`);
    return { status: answer.statusCode, code: /"code":"(\w+)"/.exec(text)?.[1] ?? '' };
  };
  // A body that is too large is refused before it was read, and now and then before it was sent: then nothing is answered.
  const attack = (each: Attack): Promise<Answer> =>
    send(each).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
      return attack(each);
    });
  try {
    const all = FAMILIES.flat();
    const figures: Omit<Figure, 'group'>[] = [];
    for (const each of all) {
      // The first ones compile.
      for (let round = 0; round < (bench.quick ? 5 : 20); round += 1) await attack(each);
      const samples: number[] = [];
      const answers: Answer[] = [];
      for (let round = 0; round < (bench.quick ? 5 : 30); round += 1) {
        const before = await server.told('cpu');
        answers.push(await attack(each));
        samples.push((await server.told('cpu')) - before);
      }
      figures.push(figureOf(each, samples, answers));
    }
    return figures;
  } finally {
    await pool.close();
    await server.stop();
  }
};

/** The lower quartile, for what else a machine does adds to CPU time too; NaN, which holds no bound, where an answer is not as it must be. */
function figureOf(
  { what, answered }: Attack,
  samples: readonly number[],
  answers: readonly Answer[],
): Omit<Figure, 'group'> {
  const isRight = ({ status }: Answer): boolean =>
    answered ? status === 200 : status >= 400 && status < 500;
  const told = [...new Set(answers.map(({ status, code }) => `${status}${code && ` ${code}`}`))].join(' or ');
  return {
    what: `${what}: ${told}${answered ? `, for ${answered}` : ''}`,
    value: answers.every(isRight) ? percentile(samples, 0.25) : NaN,
    unit: 'ms',
    wanted: { of: 'value', atMost: MOST_CPU },
  };
}
