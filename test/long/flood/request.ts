import type { Actor } from './actors';
import type { Document } from './documents';
import type { HeavyAnswer } from './heavy';
import type { Asked } from './ledger';

/** One request, as it is sent; sent again, it is the same one. */
export interface Request {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly actor: Actor | null;
  /** Names that it counts as in the mix, e.g. `Query.users`. */
  readonly operations: readonly string[];
  /** Null where it is none that a server could understand. */
  readonly document: Document | null;
  /** Changes that it asks for, by the name in the answer. */
  readonly changes: ReadonlyMap<string, Change>;
  readonly atLimit: boolean;
  /** To be told what came of it. */
  readonly answered?: (answer: HeavyAnswer) => void;
}

export type Change = Omit<Asked, 'requestId'> & { readonly input: Readonly<Record<string, unknown>> };
