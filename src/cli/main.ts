import '../config/production';
import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { addAccount } from './commands/account';
import { addBackup } from './commands/backup';
import { addCatalogue } from './commands/catalogue';
import { addEvents } from './commands/events';
import { describeFailure } from '../app/expected-failure';
import { CliError, message } from './output';
import { addKeys } from './commands/keys';
import { addLog } from './commands/log';
import { leaveProgress } from './progress';
import { addReadModels } from './commands/read-models';
import { addReplay } from './commands/replay';
import { addRestore } from './commands/restore';
import { addServe } from './commands/serve';
import { addToken } from './commands/token';
import { addTransfer } from './commands/transfer';
import { addUser } from './commands/user';

/** The operator's and auditor's command line. Exit codes: 0 done, 1 refused or failed, 2 usage. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('rolebook')
    .description('The book of record for roles: the operator’s and auditor’s commands.')
    .exitOverride()
    .showHelpAfterError();
  addServe(program);
  addToken(program);
  addAccount(program);
  addUser(program);
  addCatalogue(program);
  addReplay(program);
  addEvents(program);
  addTransfer(program);
  addReadModels(program);
  addLog(program);
  addBackup(program);
  addRestore(program);
  addKeys(program);
  // A reader that closes the pipe (`| head`) is no failure.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0);
    message(`What is printed cannot be written (${code ?? 'no reason is given'}): it is not whole.`);
    process.exit(1);
  });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  leaveProgress();
  message(describeFailure(error, error instanceof CliError));
  return 1;
}
