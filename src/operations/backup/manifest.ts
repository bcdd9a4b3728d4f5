import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { READS_SCHEMA } from '../../domain/schema-versions';
import type { LogReport } from '../log/verify';
import { digestedText, readDigested } from './digested';
import { BackupError } from './errors';

/** Form of `backup.json`. A later program may add fields; it raises the number where an older one could not restore it. */
export const MANIFEST_FORMAT = 1;

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Count = Type.Integer({ minimum: 0 });
const Moment = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' });
/** Relative, and down only: a manifest from elsewhere must not lead out of its folder. */
const Inside = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$' });

const BackedUpFile = Type.Object({
  path: Inside,
  /** Subject of the file: `log`, `signing-key`, `erasures`; others will come. */
  holds: Type.String(),
  bytes: Count,
  sha256: Sha256,
});

const LastEvent = Type.Object({
  id: Type.String(),
  stream: Type.String(),
  revision: Count,
  /** Time in its metadata; null where they have none. */
  recordedAt: Type.Union([Type.String(), Type.Null()]),
});

const Contents = Type.Object({
  format: Type.Integer({ minimum: 1 }),
  /** Version of the program that made it, and of the events that it writes. */
  program: Type.String(),
  schemaVersion: Type.String(),
  began: Moment,
  ended: Moment,
  log: Type.Object({
    /** Identity of the log that was backed up; the one in the backup has its own. */
    identity: Type.String(),
    /** Format of the log: 1, or 2 where names in it are encrypted; a restore makes a log of the same. */
    format: Type.Integer({ minimum: 1 }),
    /** Place of the last event in the log that was backed up, as answers and `log verify` have it; null: it is empty. */
    position: Type.Union([Type.String(), Type.Null()]),
    /** Place of the same event in the log of the backup: what stands behind it is of a backup that did not end. */
    end: Type.Union([Type.String({ pattern: '^[0-9]{1,19}$' }), Type.Null()]),
    last: Type.Union([LastEvent, Type.Null()]),
    events: Count,
    streams: Count,
    voided: Count,
    /** Number of faults that `log verify` finds in it, 100 at most. */
    faults: Count,
    /** Digest as `log verify` prints it. */
    digest: Sha256,
  }),
  files: Type.Array(BackedUpFile),
});

export type BackedUpFile = Static<typeof BackedUpFile>;
/** A backup as it was when it ended: enough to tell whether it is still that. */
export type Manifest = Static<typeof Contents>;

/** Bytes of all files of a backup. */
export const bytesOf = ({ files }: Manifest): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** True if a log, as it was walked, is the one of the backup. */
export const isLogOf = ({ log }: Manifest, found: Pick<LogReport, 'digest' | 'events'>): boolean =>
  found.digest === log.digest && found.events === log.events;

/** Text of `backup.json`, for people too; its last line covers all the others. */
export const writeManifest = (manifest: Manifest): string => digestedText(manifest);

/**
 * Reads `backup.json`.
 * @throws BackupError `BACKUP_ALTERED` for what was torn or edited, `BACKUP_NEWER` for one of a later program
 */
export function readManifest(text: string, program: string): Manifest {
  const read = readDigested(text);
  if (read === null) throw torn();
  const { contents, isWhole } = read;
  if (typeof contents.format === 'number' && contents.format > MANIFEST_FORMAT) throw newer(contents.program);
  if (!isWhole || !Value.Check(Contents, contents)) throw torn();
  if (isLater(contents.program, program) || Number(contents.schemaVersion) > READS_SCHEMA)
    throw newer(contents.program);
  return contents;
}

const torn = (): BackupError =>
  new BackupError('BACKUP_ALTERED', 'backup.json is torn, or was changed after the backup.');

const newer = (program: unknown): BackupError =>
  new BackupError(
    'BACKUP_NEWER',
    `Rolebook ${typeof program === 'string' ? program : 'of a later release'} made this backup; use that release or a later one.`,
  );

/** Compares `1.2.3` with `1.10.0`; what follows a hyphen is not looked at. */
export function isLater(one: string, other: string): boolean {
  const [first, second] = [one, other].map((version) => (version.split('-')[0] ?? '').split('.').map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (first?.[index] ?? 0) - (second?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
