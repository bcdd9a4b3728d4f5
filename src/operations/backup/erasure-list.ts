import { hash } from 'node:crypto';
import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { isUuid } from '../../domain/schemas';
import type { UserEvent } from '../../domain/user/events';
import { isId } from '../../domain/vocabulary';
import type { EventStore, RecordedEvent } from '../../event-store/port/event-store';
import { parseStream } from '../../event-store/port/streams';
import { readVoids } from '../../repair/voids';
import { estimatedTotal } from '../../shared/progress';
import { digestedText, readDigested } from './digested';
import { BackupError } from './errors';

/**
 * List of all erasures in a log: ids alone, nothing of the people. It outlives the log, so that whoever was erased after a
 * backup was taken is erased again when that backup is restored.
 */

/** Form of the file. */
const LIST_FORMAT = 1;

const Erasure = Type.Object({
  account: Type.String(),
  user: Type.String(),
  /** Id of the `UserErased`. */
  event: Type.String(),
});
const List = Type.Object({
  format: Type.Integer({ minimum: 1 }),
  /** Line of the log, hashed: the line itself is shown nowhere. */
  line: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Time at which the log was looked at: all erasures until then are in it. */
  asOf: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
  erasures: Type.Array(Erasure),
});

export type Erasure = Static<typeof Erasure>;
export type ErasureList = Omit<Static<typeof List>, 'format'>;

/** Hash of a line, by which a list is told from that of another log. */
const hashOfLine = (line: string): string => hash('sha256', `rolebook list of erasures\n${line}`);

/** True if a list is of a log of this line. */
export const isListOf = (list: ErasureList, line: string): boolean => list.line === hashOfLine(line);

/** Notes the erasures among the events of a log, in their order; void events are not given to it. */
export class ErasureNotes {
  readonly erasures: Erasure[] = [];

  readonly note = ({ id, type, stream }: RecordedEvent): void => {
    if (type !== ('UserErased' satisfies UserEvent['type'])) return;
    const owner = parseStream(stream);
    if (owner?.category === 'user' && owner.account !== null && owner.id !== null)
      this.erasures.push({ account: owner.account, user: owner.id, event: id });
  };

  /** The list, of a log of that line as it was then. */
  list(line: string, asOf: Date): ErasureList {
    return { line: hashOfLine(line), asOf: asOf.toISOString(), erasures: this.erasures };
  }
}

/** Reads the list of a log. `onProgress` gets an estimated total. @throws EventStoreError */
export async function erasuresIn(
  store: Pick<EventStore, 'line' | 'head' | 'readAll' | 'readStream'>,
  now: () => Date,
  onProgress: (done: number, total: number | null) => void = () => undefined,
): Promise<ErasureList> {
  const asOf = now();
  const notes = new ErasureNotes();
  const voids = await readVoids(store);
  const end = (await store.head())?.position;
  let done = 0;
  for await (const event of store.readAll()) {
    if (!voids.of(event)) notes.note(event);
    done += 1;
    onProgress(done, end === undefined ? null : estimatedTotal(done, event.position, end));
  }
  return notes.list(await store.line(), asOf);
}

/** Text of the file; its last line covers all the others. */
export const writeErasures = ({ line, asOf, erasures }: ErasureList): string =>
  digestedText({ format: LIST_FORMAT, line, asOf, erasures });

/** Reads a file. `place` is named in the refusal. @throws BackupError `ERASURES_UNREADABLE` */
export function readErasures(text: string, place: string): ErasureList {
  const read = readDigested(text);
  const { contents, isWhole } = read ?? { contents: {}, isWhole: false };
  if (typeof contents.format === 'number' && contents.format > LIST_FORMAT)
    throw unreadable(`${place} was written by a later release of Rolebook; use that release or a later one`);
  if (!isWhole) throw unreadable(`${place} is no list of erasures, or was torn or changed`);
  if (!Value.Check(List, contents) || !contents.erasures.every(isSound))
    throw unreadable(`${place} is no list of erasures`);
  const { line, asOf, erasures } = contents;
  return { line, asOf, erasures };
}

const isSound = ({ account, user, event }: Erasure): boolean => isId(account) && isId(user) && isUuid(event);

const unreadable = (why: string): BackupError => new BackupError('ERASURES_UNREADABLE', `${why}.`);
