import { smallest, sized, type Group } from '../context';
import { startWatched } from '../processes';

/** Heap that a server keeps after many documents, each of which is another one. */

/** Just under the longest text that is taken. */
const BYTES = 60_000;
const FIELDS = 500;
const QUICK = 300;
const FULL = 2_000;

/** Fields under long names, and in every second document a comment instead. */
function document(n: number): string {
  const head = `query q${n} {`;
  if (n % 2 === 1) return `${head} __typename } #`.padEnd(BYTES, ' comment');
  const name = 'a'.repeat(Math.floor((BYTES - head.length - 2) / FIELDS) - ': __typename '.length - 4);
  const fields = Array.from(
    { length: FIELDS },
    (_, field) => `${name}${String(field).padStart(4, '0')}: __typename`,
  );
  return `${head} ${fields.join(' ')} }`;
}

export const manyDocuments: Group = async (bench) => {
  const folder = await bench.data.folder(smallest(bench));
  const server = await startWatched(folder.directory);
  try {
    const ask = async (query: string): Promise<void> => {
      const answer = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${folder.token}` },
        body: JSON.stringify({ query }),
      });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`Not an answer: ${answer.status} ${text.slice(0, 500)}`);
    };
    const heap = (): Promise<number> => server.told('heap');
    const count = bench.quick ? QUICK : FULL;
    for (let n = 0; n < 20; n += 1) await ask(document(n));
    const before = await heap();
    for (let n = 20; n < 20 + count; n += 1) await ask(document(n));
    return [
      {
        what: `heap in use after ${sized(count)} different documents of 60 KB`,
        value: await heap(),
        unit: 'MB',
        against: { what: 'after 20', value: before, unit: 'MB' },
        wanted: { of: 'ratio', atMost: 2 },
      },
    ];
  } finally {
    await server.stop();
  }
};
