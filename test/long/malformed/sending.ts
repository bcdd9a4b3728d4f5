import type { Random } from '../random';
import { kindsOf, type Target } from './kinds';
import { Wire } from './wire';

/** Malformed requests sent, and what was answered to them. */

/** A text that shows the inside of a server. */
const INSIDE = /\n\s+at \S+|\bat \S+ \(|node:internal|node_modules|\.[jt]s:\d+:\d+|\b\w*Error: |sqlite/i;

export class Answers {
  /** Answers of 500 or above, answers that show the inside of the server, requests without an answer. */
  readonly faults: string[] = [];
  readonly byKind: Record<string, number> = {};
  readonly byStatus: Record<string, number> = {};
  sent = 0;

  take(
    kind: string,
    bytes: Buffer,
    { statuses, text }: { statuses: readonly number[]; text: string },
    isWhole: boolean,
  ): void {
    this.sent += 1;
    this.byKind[kind] = (this.byKind[kind] ?? 0) + 1;
    for (const status of statuses) this.byStatus[status] = (this.byStatus[status] ?? 0) + 1;
    if (statuses.length === 0 && !isWhole) this.byStatus['none'] = (this.byStatus['none'] ?? 0) + 1;
    const unanswered = isWhole && statuses.length === 0;
    if (unanswered || statuses.some((status) => status >= 500) || INSIDE.test(text))
      this.faults.push(
        `${kind}: ${JSON.stringify(bytes.toString('latin1').slice(0, 1_000))} is answered ${JSON.stringify(text.slice(0, 600))}`,
      );
  }
}

/** Sends so many, each client over a connection of its own, one after the other. */
export async function sendMalformed(
  url: string,
  target: Target,
  {
    count,
    clients,
    random,
    answers,
  }: { readonly count: number; readonly clients: number; readonly random: Random; readonly answers: Answers },
): Promise<void> {
  const kinds = Object.entries(kindsOf(target));
  const until = answers.sent + count;
  let begun = answers.sent;
  const client = async (own: Random): Promise<void> => {
    const wire = new Wire(url);
    while ((begun += 1) <= until) {
      const [name, make] = own.pick(kinds);
      const sent = make(own);
      answers.take(name, sent.bytes, await wire.exchange(sent), sent.isWhole);
    }
    wire.close();
  };
  await Promise.all(Array.from({ length: clients }, () => client(random.fork())));
}
