import { isKeyed, isSet, Map as ImmutableMap, Set as ImmutableSet } from 'immutable';
import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FIRST_SCHEMA, READS_SCHEMA } from '../../domain/schema-versions';
import { canonicalJson } from '../../event-store/port/json';
import type { Snapshot } from '../../event-store/port/snapshot-store';
import { emptyStream, type Fold, type KeyedCommand, type LoadedStream } from './stream-state';

/**
 * Encodes a loaded stream as pieces of JSON, and decodes it. A role of 100,000 users takes some hundred milliseconds to
 * write or to read; it yields to the event loop between pieces, and so blocks nobody.
 */

/** Version of the pieces below. */
const CODEC_VERSION = 1;

/** Members of a collection in one piece: a few milliseconds of work. */
const ITEMS = 1_000;

/** The first piece: everything except the collections. */
interface Plain {
  readonly position: string | null;
  readonly state: Readonly<Record<string, unknown>>;
}
/** A further piece: some members of a collection of the state, or keyed commands. */
interface Items {
  readonly of: string;
  readonly items: readonly unknown[];
}
type EncodedCommand = readonly [id: string, inputHash: string, position: string];

const COMMANDS = 'keyed commands';

/**
 * The format of a fold's snapshots: a hash over the fields of its state, what each is before the first event, the fold's
 * version and the codec's. A state that changed never reads an old snapshot, in which a new field would have its default.
 * Beyond the first version of the event schemas that one too: a snapshot of a program that reads more may hold events
 * that this one would stop at.
 */
export function snapshotFormat<State extends object>(fold: Fold<State>): string {
  let format = formats.get(fold);
  if (format === undefined) formats.set(fold, (format = formatOf(fold)));
  return format;
}

/** Formats by fold: every first load of a long stream needs one. */
const formats = new WeakMap<object, string>();

function formatOf<State extends object>({ initial, version }: Fold<State>): string {
  const fields = Object.entries(initial).map(([field, value]: [string, unknown]) => [
    field,
    isSet(value) ? 'set' : isKeyed(value) ? 'map' : { value },
  ]);
  const schema = READS_SCHEMA > FIRST_SCHEMA ? [READS_SCHEMA] : [];
  return hash('sha256', canonicalJson([CODEC_VERSION, version, Object.fromEntries(fields), ...schema]));
}

/** The pieces, each encoded in its own turn of the event loop. */
export async function* encodeSnapshot<State extends object>({
  state,
  position,
  commands,
}: LoadedStream<State>): AsyncGenerator<string> {
  const fields = Object.entries(state);
  const plain: Plain = {
    position: position === null ? null : String(position),
    state: Object.fromEntries(fields.filter(([, value]) => !isCollection(value))),
  };
  yield JSON.stringify(plain);
  for (const [of, value] of fields) if (isCollection(value)) yield* pieces(of, value);
  yield* pieces(COMMANDS, encodedCommands(commands));
}

async function* pieces(of: string, members: Iterable<unknown>): AsyncGenerator<string> {
  let items: unknown[] = [];
  for (const member of members) {
    if (items.push(member) < ITEMS) continue;
    yield JSON.stringify({ of, items } satisfies Items);
    items = [];
    await nextTurn();
  }
  if (items.length > 0) yield JSON.stringify({ of, items } satisfies Items);
}

function* encodedCommands(commands: ImmutableMap<string, KeyedCommand>): Generator<EncodedCommand> {
  for (const [id, { inputHash, position }] of commands) yield [id, inputHash, String(position)];
}

/** Decodes a stream, or returns null if the snapshot was replaced while it was read. */
export async function decodeSnapshot<State extends object>(
  stream: string,
  fold: Fold<State>,
  { revision, count, parts }: Snapshot,
): Promise<LoadedStream<State> | null> {
  const empty = emptyStream(stream, fold);
  const collections: Record<string, Collection> = {};
  for (const [field, value] of Object.entries(fold.initial)) {
    if (isCollection(value)) collections[field] = value.asMutable() as Collection;
  }
  const commands = empty.commands.asMutable();
  let plain: Plain | null = null;
  let read = 0;
  for (const text of parts) {
    const piece = JSON.parse(text) as Plain | Items;
    if (!('of' in piece)) plain = piece;
    else if (piece.of === COMMANDS)
      piece.items.forEach((item) => addCommand(commands, item as EncodedCommand));
    else piece.items.forEach((item) => add(collections[piece.of], item));
    read += 1;
    await nextTurn();
  }
  if (!plain || read < count) return null;
  const members = Object.entries(collections).map(([field, value]) => [field, value.asImmutable()]);
  return {
    stream,
    revision,
    state: { ...fold.initial, ...plain.state, ...Object.fromEntries(members) } as State,
    position: plain.position === null ? null : BigInt(plain.position),
    commands: commands.asImmutable(),
  };
}

/** Members of all collections of a stream, an estimate of its memory. */
export const countMembers = <State extends object>({ state, commands }: LoadedStream<State>): number =>
  Object.values(state).reduce(
    (sum: number, value) => (isCollection(value) ? sum + value.size : sum),
    commands.size,
  );

type Collection = ImmutableSet<unknown> | ImmutableMap<unknown, unknown>;

const isCollection = (value: unknown): value is Collection => isSet(value) || isKeyed(value);

function add(to: Collection | undefined, item: unknown): void {
  if (isSet(to)) (to as ImmutableSet<unknown>).add(item);
  else if (to) (to as ImmutableMap<unknown, unknown>).set(...(item as [unknown, unknown]));
}

const addCommand = (
  to: ImmutableMap<string, KeyedCommand>,
  [id, inputHash, position]: EncodedCommand,
): void => void to.set(id, { inputHash, position: BigInt(position) });
