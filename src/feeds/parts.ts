import type { FeedReads } from '../../projections/feed-reads';
import type { ReadModels } from '../../projections/view';
import type { DecisionReads } from '../commands/decision-reads';
import type { Config } from '../config/config';
import type { EventStore } from '../event-store/port/event-store';
import type { PositionCodec } from '../shared/position-codec';
import type { OpenEvent } from './names';
import type { OnReaders } from './readers';

/** Parts of feeds, whatever these are written to. */
export interface FeedParts {
  readonly config: Pick<
    Config,
    | 'feedHeartbeatMs'
    | 'feedStallMs'
    | 'feedReaders'
    | 'minPositionWaitMs'
    | 'publicUrl'
    | 'allowedOrigins'
    | 'introspection'
    | 'maxQueryBytes'
    | 'maxQueryCost'
    | 'maxQueryDepth'
  >;
  readonly store: Pick<EventStore, 'readAll'>;
  readonly open: OpenEvent;
  readonly readModels: ReadModels & FeedReads;
  readonly reads: DecisionReads;
  readonly positions: PositionCodec;
  readonly onReaders?: OnReaders;
}

/** Longest time in milliseconds between two looks at the rights of a reader. */
const RECHECK_MS = 5_000;

export const recheckMsOf = ({ feedHeartbeatMs }: Pick<Config, 'feedHeartbeatMs'>): number =>
  Math.min(RECHECK_MS, feedHeartbeatMs);
