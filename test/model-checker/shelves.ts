import { hash } from 'node:crypto';
import type { Random } from '../../src/keys/segment';
import type { NewSegment, Replacement, SegmentStore, StoredSegment } from '../../src/keys/port/segment-store';
import { masterKeyIdOf, openSegment } from '../../src/keys/sealed-segment';
import { masters } from '../keys/contract/controls';
import { MemorySegments } from '../keys/memory/memory-segments';

/** Key books as values, as `SharedLog` is a log as a value: a call gives other ones, and leaves these as they were. */
export type Shelves = ReadonlyMap<string, ReadonlyMap<string, StoredSegment>>;

/** Name of the key book of the log; others are its copies. */
export const MAIN = 'main';
export const COPY = 'copy';

/** Call of one of the key books. */
export type SegmentCall = { readonly kind: 'segments'; readonly book: string } & (
  | { readonly method: 'read'; readonly id: string }
  | { readonly method: 'page'; readonly from: number }
  | { readonly method: 'create'; readonly segment: NewSegment }
  | { readonly method: 'replace'; readonly replacements: readonly Replacement[] }
  | { readonly method: 'purge' }
);

/** Segments that were found; of those to be written, true if all were kept, and those that were not. */
export interface SegmentAnswer {
  readonly found: readonly StoredSegment[];
  readonly kept: boolean;
  readonly conflicts: readonly string[];
}

export interface Shelved {
  readonly shelves: Shelves;
  readonly answer: SegmentAnswer;
}

/** Calls of key books; those of the controls break their word. */
export type Shelving = (shelves: Shelves, call: SegmentCall) => Promise<Shelved>;

/** Segments of one page. */
const PAGE = 2;
const NOTHING: SegmentAnswer = { found: [], kept: true, conflicts: [] };

export const onShelves: Shelving = async (shelves, call) => {
  const shelf = new Map(shelves.get(call.book));
  const store = new MemorySegments(shelf);
  const after = (answer: Partial<SegmentAnswer>): Shelved => ({
    shelves: new Map(shelves).set(call.book, shelf),
    answer: { ...NOTHING, ...answer },
  });
  const found = (...segments: readonly StoredSegment[]): Shelved => ({
    shelves,
    answer: { ...NOTHING, found: segments },
  });
  switch (call.method) {
    case 'read':
      return found(...[shelf.get(call.id) ?? []].flat());
    case 'page':
      return found(...[...shelf.values()].slice(call.from, call.from + PAGE));
    case 'create':
      return after({ kept: await store.create(call.segment) });
    case 'replace': {
      const conflicts = await store.replace(call.replacements);
      return after({ kept: conflicts.length === 0, conflicts });
    }
    case 'purge':
      return found();
  }
};

/** A store that asks for each of its calls. */
export class AskedSegments implements SegmentStore {
  constructor(
    private readonly book: string,
    private readonly asked: (call: SegmentCall) => Promise<SegmentAnswer>,
  ) {}

  async create(segment: NewSegment): Promise<boolean> {
    return (await this.#ask({ method: 'create', segment })).kept;
  }
  async read(id: string): Promise<StoredSegment | null> {
    return (await this.#ask({ method: 'read', id })).found[0] ?? null;
  }
  async *pages(): AsyncGenerator<readonly StoredSegment[], void, undefined> {
    for (let from = 0; ; from += PAGE) {
      const { found } = await this.#ask({ method: 'page', from });
      if (found.length > 0) yield found;
      if (found.length < PAGE) return;
    }
  }
  async replace(replacements: readonly Replacement[]): Promise<readonly string[]> {
    return (await this.#ask({ method: 'replace', replacements })).conflicts;
  }
  async purge(): Promise<void> {
    await this.#ask({ method: 'purge' });
  }
  async close(): Promise<void> {}

  #ask(call: CallOf<SegmentCall>): Promise<SegmentAnswer> {
    return this.asked({ kind: 'segments', book: this.book, ...call });
  }
}

type CallOf<Each> = Each extends SegmentCall ? Omit<Each, 'kind' | 'book'> : never;

/** Random bytes that follow from a name: keys and ids of a process are the same each time it is run. */
export function drawnBy(name: string): Random {
  let drawn = 0;
  return (bytes) => {
    drawn += 1;
    const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, block) =>
      hash('sha256', `${name} ${drawn} ${block}`, 'buffer'),
    );
    return Buffer.concat(blocks).subarray(0, bytes);
  };
}

/** All master keys that seal anything here. */
export const ALL_MASTERS = masters('m2', 'm1', 'c1');

/** A segment as anybody who opens it sees it: an IV is random, and nobody looks into it. */
export function segmentText(stored: StoredSegment): string {
  let known = texts.get(stored);
  if (known === undefined) {
    const digest = hash('sha256', openSegment(stored, ALL_MASTERS).bytes());
    known = `${stored.id} ${stored.revision} ${masterKeyIdOf(stored)} ${digest}`;
    texts.set(stored, known);
  }
  return known;
}
const texts = new WeakMap<StoredSegment, string>();

export const shelvesKey = (shelves: Shelves): string =>
  [...shelves].map(([book, shelf]) => `${book}: ${[...shelf.values()].map(segmentText).join()}`).join('\n');

export const answerText = ({ found, kept, conflicts }: SegmentAnswer): string =>
  `${found.map(segmentText).join()} ${kept} ${conflicts.join()}`;

/** The call in words. */
export function callText(call: SegmentCall): string {
  switch (call.method) {
    case 'read':
      return `looks up ${call.id} in ${call.book}`;
    case 'page':
      return `reads ${call.book} from ${call.from}`;
    case 'create':
      return `creates ${call.segment.id} in ${call.book}`;
    case 'replace':
      return `replaces ${call.replacements.map(({ id, expected }) => `${id}@${expected}`).join()} in ${call.book}`;
    case 'purge':
      return `purges ${call.book}`;
  }
}
