import '../config/production';
import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { describeFailure } from '../app/expected-failure';
import { CliError, message } from './output';
import { leaveProgress } from './progress';
import { addServe } from './commands/serve';

/** The operator's and auditor's command line. Exit codes: 0 done, 1 refused or failed, 2 usage. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('rolebook')
    .description('The book of record for roles: the operator’s and auditor’s commands.')
    .exitOverride()
    .showHelpAfterError();
  addServe(program);
  // A server is to start soon, so that it loads no other command.
  if (argv[2] !== 'serve') await (await import('./other-commands')).addOthers(program, argv[2]);
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
