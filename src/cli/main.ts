import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { addAccount } from './account-command';
import { addCatalogue } from './catalogue-command';
import { addEvents } from './events-command';
import { CliFailure, message } from './output';
import { addLog } from './log-command';
import { addReadModels } from './read-models-command';
import { addReplay } from './replay-command';
import { addToken } from './token-command';
import { addTransfer } from './transfer-command';
import { CatalogueError } from '../catalogue-publication/errors';
import { StartError } from '../compose';
import { EventStoreError } from '../event-store/event-store';
import { CommandError } from '../commands/command';
import { ConfigError } from '../config';

/** The operator's and auditor's command line. Exit codes: 0 done, 1 refused or failed, 2 usage. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('rolebook')
    .description('The book of record for roles: the operator’s and auditor’s commands.')
    .exitOverride()
    .showHelpAfterError();
  addToken(program);
  addAccount(program);
  addCatalogue(program);
  addReplay(program);
  addEvents(program);
  addTransfer(program);
  addReadModels(program);
  addLog(program);
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const expected =
    error instanceof CliFailure ||
    error instanceof EventStoreError ||
    error instanceof CommandError ||
    error instanceof ConfigError ||
    error instanceof StartError ||
    error instanceof CatalogueError;
  message(
    expected
      ? error.message
      : `Unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return 1;
}
