import { setTimeout as sleep } from 'node:timers/promises';
import { DEMO_ACCOUNT } from '../../src/operations/demo/seed';
import { verifyLog } from '../../src/operations/log/verify';
import type { Installation, ServerProcess } from '../end-to-end/installation';
import { codecOf, knownPositions } from '../known-positions';
import { keyedAppends } from './bare';
import type { Comparison, Ledger } from './ledger';

/** The book, the log and the tables, held against each other while nobody writes. */
export interface Verdict extends Comparison {
  /** Events in the log. */
  readonly events: number;
  /** Faults of the log, and digests that differ. */
  readonly faults: readonly string[];
}

export async function judge(
  installations: readonly Installation[],
  servers: readonly ServerProcess[],
  ledger: Ledger,
): Promise<Verdict> {
  const [first] = installations;
  const { EVENTSTOREDB_URL: url = '', ROLEBOOK_STREAM_PREFIX: prefix = '' } = first!.settings;
  const store = await first!.openLog();
  try {
    const codec = await codecOf(store);
    const head = await restingHead(async () => (await store.head())?.position ?? 0n);
    const { textOf, settled } = await knownPositions(store, DEMO_ACCOUNT);
    const appends = await keyedAppends(url, prefix);
    const ids = (await first!.keyedIds([DEMO_ACCOUNT])).get(DEMO_ACCOUNT);
    const comparison = ledger.compare(appends, textOf, { settled, ids });
    const { events, faults } = await verifyLog(store, () => undefined);
    for (const server of servers) {
      const header = { 'rolebook-min-position': codec.encodePending(head, DEMO_ACCOUNT) };
      const { errors } = await server.graphql('{ me { id } }', {}, header);
      if (errors) throw new Error(`a replica does not reach the head of the log: ${errors[0]?.message}`);
    }
    const fresh = first!.replica();
    const digests = await Promise.all([...installations, fresh].map((each) => each.rolebook('digest')));
    const differing = new Set(digests.map(({ stdout }) => stdout.trim())).size > 1;
    const told = differing
      ? [`digests differ: ${digests.map(({ stdout, stderr }) => stdout || stderr).join(' ')}`]
      : [];
    return { ...comparison, events, faults: [...faults, ...told] };
  } finally {
    await store.close();
  }
}

/** The head, once nothing comes any more: an outage may leave appends behind that are still being sent again. */
async function restingHead(read: () => Promise<bigint>): Promise<bigint> {
  for (let last = await read(); ;) {
    await sleep(1_000);
    const now = await read();
    if (now === last) return now;
    last = now;
  }
}
