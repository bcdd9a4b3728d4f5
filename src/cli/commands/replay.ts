import type { Command } from 'commander';
import { replayRole, type ReplayStep } from '../../operations/audit/replay';
import type { EventStore, JsonValue } from '../../event-store/port/event-store';
import { withOpenedLog } from '../../app/sealing';
import { loadConfig } from '../../config/config';
import { shownText } from '../../domain/sealed-text';
import { isSealedField } from '../../keys/sealed-field';
import { demandAccount, withLog } from '../log';
import { CliError, line, printTable } from '../output';
import { withPositions, type LogPositions } from '../positions';
import { parseTime, plainId } from '../values';
import { stepProgress } from '../progress';

/** `rolebook replay`: the life of one role, each event and the state after it. */
export function addReplay(program: Command): void {
  program
    .command('replay')
    .description(
      'print each event of a role and the state after it, of a default role the catalogue’s changes too',
    )
    .requiredOption('--role <id>', 'the role: its id, or its key for a default role')
    .option('--account <id>', 'the account', 'demo')
    .option(
      '--until <time>',
      'leave out what came after this moment, as asOf of the API does: a date (its start in UTC), or a time with a zone',
      parseTime,
    )
    .option('--json', 'one JSON object a line')
    .action(async (options: { role: string; account: string; until?: Date; json?: boolean }) => {
      const rows: string[][] = [];
      let exists = false;
      await withLog(async (store) => {
        const { account } = options;
        await demandAccount(store, account);
        const config = loadConfig();
        const shown = stepProgress();
        const print = async (opened: EventStore, positions: LogPositions): Promise<void> => {
          const steps = replayRole(opened, account, plainId('Role', options.role), {
            until: options.until,
            onSearch: (done, total) => shown.update('Looking for the moment', done, total),
          });
          for await (const step of steps) {
            shown.finish();
            // A stream with fences alone is not a role.
            if (step.event.type !== 'ClaimAbandoned') exists = true;
            if (options.json) await line(JSON.stringify(await asJson(step, positions)));
            else rows.push(asRow(step));
          }
        };
        await withOpenedLog(store, config, (opened) =>
          withPositions(store, { directory: config.dataDirectory, account, opened }, (positions) =>
            print(opened, positions),
          ),
        );
        shown.finish();
      });
      if (!exists) {
        const until = options.until ? ` until ${options.until.toISOString()}` : '';
        throw new CliError(`No role ${options.role} in the account ${options.account}${until}.`);
      }
      if (!options.json)
        printTable(
          ['recorded', 'by', 'change', 'reason', 'version', 'name', 'users', 'permissions'],
          rows,
          false,
        );
    });
}

function asRow({ event, change, after }: ReplayStep): string[] {
  const { recordedAt, actorType, actorId, actorHost, reason } = event.metadata;
  return [
    text(recordedAt),
    `${text(actorType)} ${text(actorId)}`.trim() + (text(actorHost) && ` on ${text(actorHost)}`),
    change.length > 100 ? `${change.slice(0, 99)}…` : change,
    isSealedField(reason) || reason === null ? shownText(reason) : text(reason),
    String(after.version),
    after.name,
    String(after.members.size),
    String(after.grants.size),
  ];
}

/** Text of a field; empty for any other value, since the metadata of a void event may be anything. */
const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

async function asJson(
  { event, change, after, voided }: ReplayStep,
  positions: LogPositions,
): Promise<object> {
  const { id, type, stream, revision, data, metadata } = event;
  return {
    event: { id, type, stream, revision, position: await positions.ofEvent(event), data, metadata },
    change,
    ...(voided ? { voided: await positions.voidAsJson(voided) } : {}),
    after: {
      version: after.version,
      name: after.name,
      description: after.description,
      deleted: after.deleted,
      users: after.members.toArray(),
      grants: Object.fromEntries(after.grants),
    },
  };
}
