import { Pool } from 'undici';
import { progress } from '../../src/cli/progress';
import { smallest, type Bench, type Group } from '../context';
import { asker, fill, openOther, otherAdmin } from '../foreign/accounts';
import { waysIn, type Own, type Way } from '../foreign/ways';
import { ADMIN } from '../population/events';
import { startRolebook, type RunningServer } from '../processes';
import { held, type Figure } from '../report/figure';
import { differenceOfMedians, median, timed } from '../stats';

/**
 * Time of an answer to a request that names a thing of another account, against one that names nothing, in pairs by turns:
 * by every way in which something can be named. The figure of a way is of the CPU time of the server's main thread, which
 * does most of what an answer waits for and does not depend on what else the machine does. Elapsed time, which holds all
 * waits, is told of all ways together.
 */

type Found = Omit<Figure, 'group'>;

/** Difference of medians, in milliseconds, that is none. */
const WITHIN = 0.1;
const NO_DIFFERENCE = { of: 'interval', atMost: WITHIN } as const;
const PAIRS = { quick: 30, full: 100 };
/** An interval that does not hold is taken anew, of so many times the pairs: one in twenty misses by chance. */
const AGAIN = [2, 4, 8];
/** Part of the ways that may miss in elapsed time, of which nothing is taken anew. */
const MISSING = 0.1;

export const foreignIds: Group = async (bench) => {
  const folder = await bench.data.folder(smallest(bench), 'foreign');
  await openOther(folder.directory);
  const server = await startRolebook(folder.directory, {
    settings: { ROLEBOOK_LOG_LEVEL: 'warn', ROLEBOOK_MAX_QUERY_COST: '1000000' },
  });
  const pool = new Pool(server.url, { connections: 1 });
  try {
    const named = await fill(await otherAdmin(folder.directory, pool));
    const description = 'as it was';
    const { data } = await asker(pool, folder.token)<{ createRole: { role: { id: string } } }>(
      'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }',
      { input: { name: 'Own', description } },
    );
    const own: Own = { role: data.createRole.role.id, user: `User:${ADMIN}`, description };
    return await measureAll(waysIn(named, own), new Sender(pool, folder.token, server), bench);
  } finally {
    await pool.close();
    await server.stop();
  }
};

async function measureAll(ways: readonly Way[], sender: Sender, { quick }: Bench): Promise<Found[]> {
  const shown = progress('Measuring ways to name what is foreign');
  const measured: Measured[] = [];
  for (const [index, way] of ways.entries()) {
    const pairs = quick ? PAIRS.quick : PAIRS.full;
    let found = await measure(way, sender, pairs);
    for (const times of AGAIN) {
      if (holds(found.cpu)) break;
      found = await measure(way, sender, pairs * times);
    }
    measured.push(found);
    shown.update(index + 1, ways.length);
  }
  shown.finish();
  return [...measured.map(({ cpu }) => cpu), ...ofAll(measured)];
}

interface Measured {
  readonly pairs: number;
  readonly cpu: Found;
  readonly elapsed: Found;
}

async function measure(way: Way, sender: Sender, count: number): Promise<Measured> {
  const pairs = await sender.pairs(way, count);
  const figure = (of: 'cpu' | 'elapsed'): Found => ({
    what: way.what,
    ...differenceOfMedians(pairs.map(([foreign, unknown]) => [foreign[of], unknown[of]])),
    unit: 'ms',
    wanted: NO_DIFFERENCE,
  });
  return { pairs: count, cpu: figure('cpu'), elapsed: figure('elapsed') };
}

const widthOf = ({ interval: [least, most] = [NaN, NaN] }: Found): number => most - least;
const holds = (figure: Found): boolean => held({ group: '', ...figure }) === true;
/** Figures of all ways together: how precise they are, what is common to all, and elapsed time. */
function ofAll(measured: readonly Measured[]): Found[] {
  const [cpu, elapsed] = [measured.map((each) => each.cpu), measured.map((each) => each.elapsed)];
  const differing = elapsed.filter((each) => !holds(each));
  const count = `${measured.length} ways`;
  return [
    {
      what: `median difference of ${count}`,
      ...differenceOfMedians(cpu.map(({ value }) => [value, 0])),
      unit: 'ms',
      wanted: NO_DIFFERENCE,
    },
    {
      what: `width of the interval, median of ${count}`,
      value: median(cpu.map(widthOf)),
      unit: 'ms',
      wanted: { of: 'value', atMost: 2 * WITHIN },
    },
    {
      what: `ways of ${count} whose elapsed time differs`,
      value: differing.length,
      unit: 'ways',
      wanted: { of: 'value', atMost: MISSING * measured.length },
    },
    {
      what: `width of the interval of elapsed time, median of ${count}`,
      value: median(elapsed.map(widthOf)),
      unit: 'ms',
    },
    {
      what: `pairs of requests of ${count}`,
      value: measured.reduce((sum, { pairs }) => sum + pairs, 0),
      unit: 'rows',
    },
  ];
}

interface Spent {
  readonly elapsed: number;
  readonly cpu: number;
}

class Sender {
  #sent = 0;

  constructor(
    private readonly pool: Pool,
    private readonly token: string,
    private readonly server: RunningServer,
  ) {}

  /** Times of so many pairs, foreign and unknown; which of the two comes first changes from pair to pair. */
  async pairs(way: Way, count: number): Promise<(readonly [Spent, Spent])[]> {
    const { foreign } = way;
    // Each text has a twin that is sent as often: what caches keep of a text must not tell the two apart.
    const unknown = foreign.map((text) => way.unknown(text));
    const pairs: (readonly [Spent, Spent])[] = [];
    for (let n = -foreign.length; n < count; n += 1) {
      const place = (n + foreign.length) % foreign.length;
      const texts = [foreign[place]!, unknown[place]!];
      const first = n % 2 === 0 ? 0 : 1;
      const spent: Spent[] = [];
      const statuses: number[] = [];
      for (const which of [first, 1 - first]) {
        const before = this.server.mainThreadCpu();
        const elapsed = await timed(
          async () => void (statuses[which] = await this.#send(way, texts[which]!)),
        );
        spent[which] = { elapsed, cpu: this.server.mainThreadCpu() - before };
      }
      if (statuses[0] !== statuses[1] || statuses[0]! >= 500)
        throw new Error(`${way.what} is answered by ${statuses.join(' and ')}.`);
      // The first round fills the caches.
      if (n >= 0) pairs.push([spent[0]!, spent[1]!]);
    }
    return pairs;
  }

  async #send(way: Way, text: string): Promise<number> {
    const { method, path, headers, body } = way.request(text, `n${(this.#sent += 1)}`);
    const answer = await this.pool.request({
      method,
      path,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        authorization: `Bearer ${this.token}`,
        ...headers,
      },
      body: body ?? null,
    });
    await answer.body.text();
    return answer.statusCode;
  }
}
