import { CatalogueError } from '../operations/publication/catalogue-log';
import { CommandError } from '../commands/command';
import { DemoError } from '../operations/demo/seed';
import { StartError } from './compose';
import { ConfigError } from '../config/config';
import { EventStoreError } from '../event-store/port/event-store';
import { NoReadModelsError } from '../../projections/view';

const EXPECTED = [
  CatalogueError,
  CommandError,
  ConfigError,
  DemoError,
  EventStoreError,
  NoReadModelsError,
  StartError,
];

/** A failure for people: an expected one by its message, any other with the stack trace needed to fix it. */
export function describeFailure(error: unknown, alsoExpected = false): string {
  if (!(error instanceof Error)) return String(error);
  const expected = alsoExpected || EXPECTED.some((kind) => error instanceof kind);
  return expected ? error.message : `Unexpected failure: ${error.stack ?? error.message}`;
}
