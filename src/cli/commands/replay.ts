import { Option, type Command } from 'commander';
import { withOpenedLog } from '../../app/sealing';
import { loadConfig } from '../../config/config';
import type { EventStore } from '../../event-store/port/event-store';
import { demandAccount, withLog } from '../log';
import { withOut, type WriteLine } from '../out';
import { CliError } from '../output';
import { withPositions, type LogPositions } from '../positions';
import { stepProgress } from '../progress';
import { FORMATS, stepWriter, type Format } from '../replay/formats';
import { accountSubject, roleSubject, userSubject, type Subject } from '../replay/subjects';
import { parseAccount, parseTime, plainId } from '../values';

interface ReplayOptions {
  readonly role?: string;
  readonly user?: string;
  readonly account: string;
  readonly since?: Date;
  readonly until?: Date;
  readonly format: Format;
  readonly out?: string;
}

const MOMENT = 'a date (its start in UTC), or a time with a zone';

/** `rolebook replay`: the life of a role, of a user or of an account, each event and the state on both sides of it. */
export function addReplay(program: Command): void {
  program
    .command('replay')
    .description(
      'print each event of a role, of a user or of an account’s features, and what it changed; of a default role the catalogue’s changes too',
    )
    .addOption(new Option('--role <id>', 'a role: its id, or its key for a default role').conflicts('user'))
    .option('--user <id>', 'a user, with every role got and lost')
    .option(
      '--account <id>',
      'the account; it is replayed itself without a role or a user',
      parseAccount,
      'demo',
    )
    .option('--since <time>', `leave out what came before this moment: ${MOMENT}`, parseTime)
    .option(
      '--until <time>',
      `leave out what came after this moment, as asOf of the API does: ${MOMENT}`,
      parseTime,
    )
    .addOption(
      new Option('--format <format>', 'a table for people, one JSON object a line, or CSV')
        .choices(FORMATS)
        .default('table'),
    )
    .option('--out <file>', 'a new file to write to, instead of the standard output')
    .action((options: ReplayOptions) => replay(subjectOf(options), options));
}

function subjectOf({ role, user, account }: ReplayOptions): Subject<never> {
  // A subject takes its own states alone, which its own steps have.
  const subject = (): Subject<never> | object => {
    if (role !== undefined) return roleSubject(account, plainId('Role', role));
    return user === undefined ? accountSubject(account) : userSubject(account, plainId('User', user));
  };
  return subject() as Subject<never>;
}

async function replay<State>(subject: Subject<State>, options: ReplayOptions): Promise<void> {
  const { account, out } = options;
  await withLog(async (store) => {
    await demandAccount(store, account);
    const config = loadConfig();
    await withOpenedLog(store, config, (opened) =>
      withPositions(store, { directory: config.dataDirectory, account, opened }, (positions) =>
        withOut(out, (write) => print(subject, { opened, positions, write }, options)),
      ),
    );
  });
}

interface Means {
  readonly opened: EventStore;
  readonly positions: LogPositions;
  readonly write: WriteLine;
}

async function print<State>(
  subject: Subject<State>,
  { opened, positions, write }: Means,
  { account, since, until, format, out }: ReplayOptions,
): Promise<void> {
  const shown = stepProgress();
  const isSeen = out === undefined && process.stdout.isTTY;
  const look = isSeen
    ? { width: process.stdout.columns, bold: process.env['NO_COLOR'] === undefined }
    : { bold: false };
  const writer = stepWriter(format, subject, { write, positions, look });
  const steps = subject.steps(opened, {
    since,
    until,
    onSearch: (done, total) => shown.update('Looking for the moment', done, total),
    onRead: (done, total) => shown.update('Reading the log', done, total),
  });
  let exists = false;
  try {
    for await (const step of steps) {
      exists ||= subject.shows(step);
      if (step.isEarly) continue;
      if (isSeen) shown.finish();
      await writer.step(step);
    }
  } finally {
    shown.finish();
  }
  if (!exists)
    throw new CliError(
      `No ${subject.what} in the account ${account}${until ? ` until ${until.toISOString()}` : ''}.`,
    );
  await writer.end();
}
