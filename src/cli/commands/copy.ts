import { openKeyBook } from '../../app/open-key-book';
import { openSeals } from '../../app/open-seals';
import { encryptedForm, newUserIdsOf } from '../../app/sealing';
import type { Config } from '../../config/config';
import { counted } from '../../domain/text';
import type { EventStore } from '../../event-store/port/event-store';
import type { KeyBook } from '../../keys/port/key-book';
import {
  compareLogs,
  copyLog,
  LogMismatchError,
  UnsoundSourceError,
  type CopyForm,
} from '../../operations/log/copy';
import { originOfCopy } from '../../operations/log/origin';
import { sameNamesIn } from '../../operations/log/same-names';
import { carrySeal } from '../../transparency/follower/copies';
import { configOf, withLog, withMasterKeys } from '../log';
import { CliError, line, message, printTable, toPeople } from '../output';
import { progress } from '../progress';

/** Options of `rolebook log copy`. */
export interface CopyOptions {
  readonly from?: string;
  readonly to: string;
  readonly encrypt?: boolean;
  readonly newUserIds?: boolean;
  readonly toMasterKeys?: string;
  readonly json?: boolean;
}

/** Copies a log into another, and compares them. */
export const copy = ({
  from,
  to,
  encrypt = false,
  newUserIds = false,
  toMasterKeys,
  json = false,
}: CopyOptions): Promise<void> =>
  withLog(
    (source) =>
      withLog(
        (target) =>
          encrypt
            ? withKeyBook(withMasterKeys(configOf(to), toMasterKeys), (book) =>
                encryptAndCompare({ source, target, newUserIds }, book),
              ).then(() => tellSameNames(source, json))
            : copyAndCompare(source, target).then((events) => carry(from, to, events)),
        { named: to, write: true, raw: true },
      ),
    { named: from },
  );

async function withKeyBook(config: Config, work: (book: KeyBook) => Promise<void>): Promise<void> {
  const book = await openKeyBook(config, { readOnly: false, logger: toPeople });
  try {
    await work(book);
  } finally {
    await book.close();
  }
}

async function encryptAndCompare(
  {
    source,
    target,
    newUserIds,
  }: { readonly source: EventStore; readonly target: EventStore; readonly newUserIds: boolean },
  book: KeyBook,
): Promise<void> {
  const reading = progress('Reading events');
  const options = { newUserIds, onProgress: reading.update };
  const origin = await originOfCopy(source, target, options).catch(asFailure);
  const onRead = (events: number): void => reading.update(events, origin.events);
  const userIds = newUserIds ? await newUserIdsOf(source, onRead) : null;
  reading.finish();
  await copyAndCompare(source, target, encryptedForm({ source, target, origin, userIds }, book));
  if (userIds)
    message(`${counted(userIds.size, 'user')} got another id, which does not follow from the username.`);
  message('The source holds every name in clear still, and so does each copy and backup of it.');
}

/** Lists names that count as one in the copy: they are kept, and somebody has to rename all but one. */
async function tellSameNames(source: EventStore, json: boolean): Promise<void> {
  const looking = progress('Comparing names');
  const same = await sameNamesIn(source, (done) => looking.update(done, null));
  looking.finish();
  if (json) await line(JSON.stringify(same, null, 2));
  else if (same.length > 0)
    printTable(
      ['account', 'kind', 'ids', 'holder'],
      same.map(({ account, kind, ids, holder }) => [account, kind, ids.join(' '), holder ?? '']),
      false,
    );
  if (same.length > 0)
    message(
      `${counted(same.length, 'name')} borne more than once: alike but for characters that nobody sees, which an earlier release told apart. All are kept; rename all but one. Ids, as the source has them, stand in the order in which they took it; the claim on it stays with the holder.`,
    );
}

async function copyAndCompare(
  source: EventStore,
  target: EventStore,
  form: CopyForm | null = null,
): Promise<number> {
  const copying = progress('Copying events');
  const { compared, copied, newer } = await copyLog(source, target, {
    onProgress: copying.update,
    form,
  }).catch(asFailure);
  copying.finish();
  const comparing = progress('Comparing events');
  // A server may write to the source meanwhile: what was copied is compared.
  const limit = compared + copied;
  await compareLogs(source, target, { onProgress: comparing.update, limit, form }).catch(asFailure);
  comparing.finish();
  const equal = form === null ? 'the logs are equal' : 'the logs are equal but for what is encrypted';
  message(`${counted(copied, 'event')} copied, ${compared} were there; ${equal}.`);
  if (form === null && (await source.format()) === 2)
    message('Names in it are read by the key book, which goes with it: rolebook keys copy --to ...');
  if (newer > 0)
    message(
      `${counted(newer, 'event')} of a later release copied unchecked: this program is too old for them.`,
    );
  if ((await source.line()) !== (await target.line()))
    message(
      'Positions of the source do not hold in the target, which was begun by an earlier version. Copy into an empty log to have them hold.',
    );
  return limit;
}

/** Gives the copy the last seal of its source, if there is one. */
async function carry(from: string | undefined, to: string, events: number): Promise<void> {
  const source = await openSeals(configOf(from), { readOnly: true });
  try {
    const target = await openSeals(configOf(to));
    try {
      if (await carrySeal(source, target, events))
        message(
          'It has the name that the source is sealed under, and is not sealed until it is told: rolebook seal --continue, once the source is sealed no more.',
        );
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function asFailure(error: unknown): never {
  throw error instanceof LogMismatchError || error instanceof UnsoundSourceError
    ? new CliError(error.message)
    : error;
}
