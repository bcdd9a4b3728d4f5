import { Counter, Gauge, Histogram, Registry, type MetricObject } from 'prom-client';

/**
 * Every metric of Rolebook's own that `/metrics` shows. Labels take few values, and never an id or a name of anyone.
 */
export interface Instruments {
  readonly registry: Registry;
  readonly appends: Counter<'category' | 'outcome'>;
  readonly appendSeconds: Histogram;
  readonly appendedEvents: Counter;
  readonly commands: Counter<'command' | 'outcome'>;
  readonly commandSeconds: Histogram<'command'>;
  readonly retries: Counter<'reason'>;
  readonly operations: Counter<'operation' | 'outcome'>;
  readonly operationSeconds: Histogram<'operation'>;
  readonly requests: Counter<'method' | 'route' | 'status'>;
  readonly refusedAttempts: Counter<'code'>;
  readonly feedReaders: Gauge<'by'>;
  readonly clockSkewSeconds: Gauge;
  readonly restarts: Counter;
  readonly builds: Counter;
  readonly projectedEvents: Counter;
  readonly lagEvents: Gauge;
  readonly lagSeconds: Gauge;
  readonly state: Gauge<'state'>;
  readonly digest: Gauge<'digest' | 'ordinal' | 'tables'>;
  readonly unreadable: Counter;
  readonly keyBook: KeyBookGauges;
  readonly keyBookFailures: Counter<'code'>;
  readonly seals: SealGauges;
  readonly sealFailures: Counter<'code'>;
}

/** Figures of the seals of the log, as this replica knows them. */
export interface SealGauges {
  readonly ageSeconds: Gauge;
  readonly events: Gauge;
  readonly unsealedSeconds: Gauge;
}

/** Figures of the key book, as it was when it was last read. */
export interface KeyBookGauges {
  readonly segments: Gauge;
  readonly keys: Gauge;
  readonly erased: Gauge;
  readonly awaitingRotation: Gauge;
  readonly awaitingSeconds: Gauge;
  readonly toRotate: Gauge;
  readonly damaged: Gauge;
  readonly ageSeconds: Gauge;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createInstruments(): Instruments {
  const registry = new Registry();
  const make = makers(registry);
  return {
    registry,
    ...ofWrites(make),
    ...ofRequests(make),
    ...ofReadModels(make),
    ...ofKeys(make),
    ...ofSeals(make),
  };
}

function makers(registry: Registry) {
  const registers = [registry];
  return {
    counter: <L extends string>(name: string, help: string, ...labelNames: L[]) =>
      new Counter<L>({ name, help, labelNames, registers }),
    gauge: <L extends string>(name: string, help: string, ...labelNames: L[]) =>
      new Gauge<L>({ name, help, labelNames, registers }),
    seconds: <L extends string>(name: string, help: string, ...labelNames: L[]) =>
      new Histogram<L>({ name, help, labelNames, buckets: SECONDS, registers }),
  };
}

type Makers = ReturnType<typeof makers>;

const ofWrites = ({ counter, seconds }: Makers) => ({
  appends: counter(
    'rolebook_appends_total',
    'Appends to the log, by category of stream and outcome: `appended`, `conflict`, or the code of the failure.',
    'category',
    'outcome',
  ),
  appendSeconds: seconds('rolebook_append_duration_seconds', 'Duration of appends, whatever their outcome.'),
  appendedEvents: counter('rolebook_appended_events_total', 'Events written by this replica.'),
  commands: counter(
    'rolebook_commands_total',
    'Commands of all senders, by outcome: `written`, `unchanged`, `refused`, or the code of the error.',
    'command',
    'outcome',
  ),
  commandSeconds: seconds(
    'rolebook_command_duration_seconds',
    'Time that commands took to decide and write.',
    'command',
  ),
  retries: counter(
    'rolebook_command_retries_total',
    'Retries: after a `conflict` decided again, after an `unknown-outcome` resent unchanged.',
    'reason',
  ),
});

const ofRequests = ({ counter, gauge, seconds }: Makers) => ({
  operations: counter(
    'rolebook_graphql_operations_total',
    'GraphQL operations by name and outcome: `ok`, `refused` (a mutation’s payload has errors), or the code of the first error. The first 200 names that clients give have a label value of their own.',
    'operation',
    'outcome',
  ),
  operationSeconds: seconds(
    'rolebook_graphql_operation_duration_seconds',
    'Duration of GraphQL operations.',
    'operation',
  ),
  requests: counter(
    'rolebook_http_requests_total',
    'Requests answered, by route; `none` where there is no such route.',
    'method',
    'route',
    'status',
  ),
  refusedAttempts: counter(
    'rolebook_refused_attempts_total',
    'Attempts refused for want of a token or a right, by code: `UNAUTHENTICATED`, `FORBIDDEN`, `ESCALATION`. Those that were left out of the log count too.',
    'code',
  ),
  feedReaders: gauge(
    'rolebook_feed_readers',
    'Readers of events at the moment: feeds and pages by `http`, each `subscription`, and each `socket` that lets a caller in, whatever runs over it.',
    'by',
  ),
});

const ofReadModels = ({ counter, gauge }: Makers) => ({
  projectedEvents: counter(
    'rolebook_projected_events_total',
    'Events in the read models, as from the start of the log; its rate is the projector’s.',
  ),
  lagEvents: gauge(
    'rolebook_projection_lag_events',
    'Events known to be in the log and not yet in the read models; absent where not known, as while they are built.',
  ),
  lagSeconds: gauge(
    'rolebook_projection_lag_seconds',
    'Time for which the log has had events, or may have had, that are not in the read models; 0 while it has none.',
  ),
  state: gauge(
    'rolebook_projection_state',
    '1 for the state the projector is in: `starting`, `rebuilding`, `live`, `stale` (the log is out of reach), `poisoned` (stopped at an event that cannot be applied), `newer` (stopped at an event that this release is too old for: upgrade) or `stopped`.',
    'state',
  ),
  clockSkewSeconds: gauge(
    'rolebook_clock_skew_seconds',
    'Lead of this machine’s clock over the log’s (behind: negative). On an embedded log that is how far it is behind the latest time recorded, else 0. Absent where not known. Beyond 2 s either way nothing is written.',
  ),
  restarts: counter(
    'rolebook_subscription_restarts_total',
    'Times that the subscription to the log was lost, or could not be renewed, and was tried again.',
  ),
  builds: counter(
    'rolebook_read_model_builds_total',
    'Builds of a file of read models, started or resumed: the first one, and each rebuild.',
  ),
  digest: gauge(
    'rolebook_read_models_digest_info',
    'Always 1; its labels are the latest digest of the read models, the number of events that it covers, and the version of the tables: replicas of two releases may have two. Taken by `GET /metrics?digest=1` only, with an operator’s token unless `ROLEBOOK_OPEN_DIGEST` is on.',
    'digest',
    'ordinal',
    'tables',
  ),
});

const ofKeys = ({ counter, gauge }: Makers) => ({
  unreadable: counter(
    'rolebook_unreadable_events_total',
    'Events read into the read models of which a text could not be decrypted although nobody erased it: its key is lost or damaged, or it was altered. A rebuild counts them again.',
  ),
  keyBook: {
    segments: gauge('rolebook_key_book_segments', 'Segments of the key book, up to 256 keys each.'),
    keys: gauge('rolebook_key_book_keys', 'Keys in them, given out or not, without those that are erased.'),
    erased: gauge('rolebook_key_book_erased_keys', 'Keys that were erased.'),
    awaitingRotation: gauge(
      'rolebook_key_book_keys_awaiting_rotation',
      'Erased keys that an old copy of the key book gives away by a master key that is still in use.',
    ),
    awaitingSeconds: gauge(
      'rolebook_key_book_rotation_wait_seconds',
      'Time since the first erasure of those that await a rotation; 0 while none does.',
    ),
    toRotate: gauge(
      'rolebook_key_book_segments_to_rotate',
      'Segments that another master key than the first one of this replica’s file sealed.',
    ),
    damaged: gauge(
      'rolebook_key_book_damaged_segments',
      'Segments that cannot be opened: what their keys encrypted is unreadable.',
    ),
    ageSeconds: gauge(
      'rolebook_key_book_status_age_seconds',
      'Time since the key book was read for these figures.',
    ),
  },
  keyBookFailures: counter(
    'rolebook_key_book_status_failures_total',
    'Times that the key book could not be read for these figures, by code; with `MASTER_KEY_UNKNOWN` this replica could not start again.',
    'code',
  ),
});

const ofSeals = ({ counter, gauge }: Makers) => ({
  seals: {
    ageSeconds: gauge(
      'rolebook_seal_age_seconds',
      'Time since the last seal of the log, of any replica; absent where it is not known. It grows while nothing is recorded.',
    ),
    events: gauge(
      'rolebook_sealed_events',
      'Events that the last seal covers; absent where it is not known.',
    ),
    unsealedSeconds: gauge(
      'rolebook_unsealed_seconds',
      'Time for which this replica has known of events that no seal covers; 0 while it knows of none. Absent where it does not seal.',
    ),
  },
  sealFailures: counter(
    'rolebook_seal_failures_total',
    'Times that this replica could not seal the log, by code: with `LOG_DIFFERS` and `SEALS_LOST` the log is not what was sealed.',
    'code',
  ),
});

/** Row of each metric in the docs. */
export function metricTable(): {
  readonly name: string;
  readonly labels: readonly string[];
  readonly help: string;
}[] {
  const all = createInstruments().registry.getMetricsAsArray() as unknown as readonly (MetricObject & {
    readonly labelNames: readonly string[];
  })[];
  return all.map(({ name, labelNames, help }) => ({ name, labels: labelNames, help }));
}
