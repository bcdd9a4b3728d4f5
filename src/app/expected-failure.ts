import { BackupError } from '../operations/backup/errors';
import { CatalogueError } from '../operations/publication/catalogue-log';
import { CommandError } from '../commands/command';
import { DemoError } from '../operations/demo/seed';
import { StartError } from './compose';
import { ConfigError } from '../config/config';
import { EventStoreError } from '../event-store/port/event-store';
import { KeyBookError, type KeyBookErrorCode } from '../keys/port/key-book';
import { NoReadModelsError } from '../../projections/view';

const EXPECTED = [
  BackupError,
  CatalogueError,
  CommandError,
  ConfigError,
  DemoError,
  EventStoreError,
  KeyBookError,
  NoReadModelsError,
  StartError,
];

/** Failures of a store, as of a log: their code adds nothing for people. The others are looked up in the guide. */
const SPEAK_FOR_THEMSELVES: readonly KeyBookErrorCode[] = ['UNAVAILABLE', 'DENIED', 'CLOSED'];

/** A failure for people: an expected one by its message, any other with the stack trace needed to fix it. */
export function describeFailure(error: unknown, alsoExpected = false): string {
  if (!(error instanceof Error)) return String(error);
  // A command tells clients no more than that the key book failed it.
  if (error instanceof CommandError && error.cause instanceof KeyBookError)
    return describeFailure(error.cause);
  if (error instanceof KeyBookError && !SPEAK_FOR_THEMSELVES.includes(error.code))
    return `${error.code}: ${error.message}`;
  const expected = alsoExpected || EXPECTED.some((kind) => error instanceof kind);
  return expected ? error.message : `Unexpected failure: ${error.stack ?? error.message}`;
}
