import type { Command } from 'commander';
import { withSealing } from '../../app/open-seals';
import type { EventStore } from '../../event-store/port/event-store';
import { counted } from '../../domain/text';
import { originOf } from '../../transparency/entry';
import { adoptCheckpoint } from '../../transparency/follower/copies';
import type { Seal } from '../../transparency/follower/records';
import { sealOnce, type SealingOptions, type SealingParts } from '../../transparency/follower/seal-once';
import { verifiersFrom } from '../../transparency/notes/seal-keys';
import { checkpointOf, treeOfOption } from '../../transparency/proof/checkpoints';
import { prove } from '../../transparency/proof/prove';
import { configOf, demandAccount, withLog } from '../log';
import { CliError, message } from '../output';
import { progress } from '../progress';
import { asRefusal, LOG, readCheckpoint } from './verify';

interface SealOptions {
  readonly account?: string;
  /** True, or the file of a checkpoint. */
  readonly continue?: boolean | string;
  readonly newKey?: boolean;
  readonly log?: string;
}

/** `rolebook seal` and `rolebook prove`. */
export function addSeal(program: Command): void {
  program
    .command('seal')
    .description(
      'sign a checkpoint of all that was recorded, and print it: whoever keeps it can show later what the log was',
    )
    .option('--account <account>', 'print the checkpoint of this account’s events')
    .option(
      '--continue [checkpoint]',
      'go on where the log that this one is the copy of was sealed, which is not to be sealed any more',
    )
    .option('--new-key', 'sign with keys none of which signed before: the former one is lost')
    .option(...LOG)
    .action(seal);
  program
    .command('prove')
    .description('print the proof that the last checkpoint covers an event (.tlog-proof), the event included')
    .argument('<event-id>', 'id of the event, as history and feeds show it')
    .option('--account <account>', 'prove it by the checkpoint of this account’s events')
    .option(...LOG)
    .action(proveEvent);
}

async function seal({ account, continue: continues, newKey, log }: SealOptions): Promise<void> {
  await withSeals(log, account, async (parts, store) => {
    if (typeof continues === 'string') await adopt(continues, parts);
    const last = await sealed(parts, { atOnce: true, continues: Boolean(continues), newKey });
    const tree = treeOfOption(account);
    process.stdout.write(checkpointOf(tree, last, { trees: parts.trees, keys: () => parts.keys(false) }));
    for (const key of verifiersFrom(last.keys, originOf(last.log.origin, tree)))
      message(`Its public key, which the checkpoint is verified by: ${String(key)}`);
    if ((await store.format()) === 1)
      message(
        'Names are in clear in this log, whose encrypted copy has other events: seals do not hold for it.',
      );
  });
}

async function proveEvent(id: string, { account, log }: Pick<SealOptions, 'account' | 'log'>): Promise<void> {
  await withSeals(log, account, async (parts, store) => {
    // An interval without end: nothing is sealed, but the trees are brought to the last seal.
    const { seal: last } = await sealOnce({ ...parts, intervalMs: Infinity, keys: notNow });
    if (last === null) throw neverSealed();
    const tree = treeOfOption(account);
    const note = checkpointOf(tree, last, { trees: parts.trees, keys: () => parts.keys(false) });
    const proof = await prove(id, { store, trees: parts.trees, note, tree }).catch(asRefusal);
    process.stdout.write(proof);
  });
}

const adopt = (file: string, parts: SealingParts): Promise<void> =>
  adoptCheckpoint(readCheckpoint(file), parts).catch(asRefusal);

const neverSealed = (): CliError => new CliError('The log was never sealed: rolebook seal.');
const notNow = (): never => {
  throw neverSealed();
};

/** Seals, and says what became of it. @throws CliError where there is nothing to show */
async function sealed(parts: SealingParts, options: SealingOptions): Promise<Seal> {
  const shown = progress('Hashing events');
  const { kind, seal: last } = await sealOnce(
    { ...parts, onProgress: (done) => shown.update(done, null) },
    options,
  );
  shown.finish();
  if (kind === 'copy')
    throw new CliError(
      'The log is a copy of one that was sealed. Two logs must not sign one name: where the other one is not sealed any more, run rolebook seal --continue.',
    );
  if (kind === 'behind')
    throw new CliError('The server has not all events on this node yet. Try again in a moment.');
  if (last === null) throw new CliError('The log has no event yet.');
  message(
    kind === 'sealed'
      ? `Sealed: ${counted(last.log.size, 'event')}.`
      : `Nothing came since the last seal, of ${last.at}: ${counted(last.log.size, 'event')}.`,
  );
  return last;
}

const withSeals = (
  log: string | undefined,
  account: string | undefined,
  work: (parts: SealingParts, store: EventStore) => Promise<void>,
): Promise<void> =>
  withLog(
    async (store) => {
      if (account !== undefined) await demandAccount(store, account);
      await withSealing(configOf(log), store, (parts) => work(parts, store));
    },
    { named: log },
  );
