import { createCommandBus } from '../../commands/bus';
import type { Command, CommandBus, CommandContext, CommandOutcome } from '../../commands/command';
import type { CommandTools } from '../../commands/session';
import { identifyIn, type SealingOfAccounts } from '../../commands/identity';
import { isSameActor, type Actor, type ActorType } from '../../domain/vocabulary';
import type { EventStore } from '../../event-store/port/event-store';
import { catalogueStream, userStream } from '../../event-store/port/streams';
import type { ReadModels } from '../../../projections/view';
import { idOf, people } from './people';
import { story } from './story';

/**
 * The demo account, made by the same commands as any other. Its dates are invented: it is written as if over the past
 * month, so that "as of yesterday" has an answer. Every command has an idempotency key, so an interrupted start is
 * completed by the next, and several replicas that start at once make one demo.
 */

export const DEMO_ACCOUNT = 'demo';
/** Days between the start of the story and the time of seeding. */
export const DEMO_DAYS = 30;
/** Makes the demo, and publishes the catalogue for it: the first event of a log is by it if the demo is to be made. */
export const DEMO_OPERATOR = 'demo';
const OPERATOR: Actor = { type: 'operator', id: DEMO_OPERATOR };
const DAY_MS = 86_400_000;
const LAST_KEY = 'demo-last';
/** Upper bound of the events of any user in the demo. */
const DEMO_EVENTS = 20;

/** A command of the demo was refused. Everything made before it stays, and the next start resumes from there. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

export interface DemoOptions {
  readonly tools: Omit<CommandTools, 'now'>;
  readonly readModels: ReadModels;
  /** Start of the story. */
  readonly start: Date;
  /** The machine that makes it; left out: not known. */
  readonly host?: string;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * True if the demo is still to be made: in an empty log, in one where a start was interrupted, and in one where another
 * replica is making it now. `sealing`: that of the log.
 * @throws KeyBookError, EventStoreError
 */
export async function awaitsDemo(
  store: Pick<EventStore, 'readStream'>,
  sealing: SealingOfAccounts,
): Promise<boolean> {
  for await (const { metadata } of store.readStream(catalogueStream, { limit: 1 })) {
    const by: Actor = { type: metadata.actorType as ActorType, id: String(metadata.actorId) };
    return isSameActor(by, OPERATOR) && !(await isSeeded(store, sealing));
  }
  return true;
}

/** The demo's last step is on the admin's stream, before everything recorded after the demo: no more is read. */
async function isSeeded(store: Pick<EventStore, 'readStream'>, sealing: SealingOfAccounts): Promise<boolean> {
  const last = await identifyIn(sealing, lastCommand(new Date(0)), contextOf(OPERATOR, LAST_KEY));
  if (last === null) return false;
  for await (const event of store.readStream(userStream(DEMO_ACCOUNT, 'admin'), { limit: DEMO_EVENTS })) {
    if (event.metadata.commandId === last.commandId) return true;
  }
  return false;
}

/** Makes the demo, or completes it. @throws DemoError, CommandError */
export async function seedDemo({ tools, readModels, start, host, onProgress }: DemoOptions): Promise<void> {
  let clock = start.getTime();
  const operator: Actor = host === undefined ? OPERATOR : { ...OPERATOR, host };
  const bus = createCommandBus({ ...tools, now: () => new Date(clock) });
  const members = membersByRole();
  const signIns = signInsAfter(start);
  const total = people.length + members.size + story.length + signIns.length + 2;
  let count = 0;
  const run = stepsOn(bus, () => onProgress((count += 1), total));
  const settle = async (outcomes: readonly CommandOutcome[]): Promise<void> => {
    for (const { position } of outcomes) if (position !== null) await readModels.waitFor(position, 30_000);
  };

  const features = tools.reads
    .catalogue()
    .content.features.map(({ key }) => key)
    .filter((key) => key !== 'DATA_EXPORT');
  await settle([
    await run({ type: 'openAccount', name: 'Demo Communications', features }, operator, 'demo-open'),
  ]);
  const registered: CommandOutcome[] = [];
  // One after the other, so that they are in the log in the same order each time.
  for (const { username, name } of people) {
    const user = { type: 'registerUser', user: idOf(username), username, name } as const;
    registered.push(await run(user, operator, `demo-user-${username}`));
  }
  await settle(registered);
  clock = start.getTime() + DAY_MS;
  const assigned: CommandOutcome[] = [];
  for (const [role, userIds] of members)
    assigned.push(await run({ type: 'assignUsers', role, userIds }, operator, `demo-assign-${role}`));
  // The rights of those who act in the story.
  await settle(assigned);

  const created = new Map<string, string>();
  const role = (name: string): string => created.get(name) ?? name;
  for (const [index, step] of story.entries()) {
    clock = start.getTime() + step.day * DAY_MS + index * 60_000;
    const outcome = await run(
      step.command(role),
      { type: 'user', id: idOf(step.by) },
      `demo-story-${index}`,
      step.reason,
    );
    if (step.creates && outcome.accepted) created.set(step.creates, outcome.owner.id);
  }

  for (const { username, at } of signIns) {
    clock = Math.max(clock, at);
    await run(
      { type: 'recordLogin', user: idOf(username), at: new Date(at) },
      operator,
      `demo-login-${username}`,
    );
  }
  await settle([await run(lastCommand(new Date(clock)), operator, LAST_KEY)]);
}

type RunStep = (command: Command, actor: Actor, key: string, reason?: string) => Promise<CommandOutcome>;

/** Sends the steps of the demo, each under its key. @throws DemoError for one that is refused */
const stepsOn =
  (bus: CommandBus, onDone: () => void): RunStep =>
  async (command, actor, key, reason) => {
    const outcome = await bus.execute(command, { ...contextOf(actor, key), reason });
    // Another replica that started at the same time did this step, a few milliseconds apart in its story.
    const doneElsewhere =
      !outcome.accepted && outcome.refusals.every(({ code }) => code === 'IDEMPOTENCY_KEY_REUSED');
    if (!outcome.accepted && !doneElsewhere) {
      const why = outcome.refusals.map((refusal) => `${refusal.code}: ${refusal.message}`).join(' ');
      throw new DemoError(`The demo’s ${command.type} (${key}) was refused. ${why}`);
    }
    onDone();
    return outcome;
  };

function membersByRole(): Map<string, string[]> {
  const members = new Map<string, string[]>();
  for (const { username, roles } of people) {
    for (const role of roles) members.set(role, [...(members.get(role) ?? []), idOf(username)]);
  }
  return members;
}

/** Last sign-ins in the order of time; one person in seven has never signed in. */
function signInsAfter(start: Date): { readonly username: string; readonly at: number }[] {
  const signIns = people.flatMap(({ username }, index) => {
    const at = start.getTime() + (DEMO_DAYS - (index % 9)) * DAY_MS - index * 3_600_000;
    return index % 7 === 6 ? [] : [{ username, at }];
  });
  return signIns.sort((a, b) => a.at - b.at);
}

const lastCommand = (at: Date): Command => ({ type: 'recordLogin', user: 'admin', at });

const contextOf = (actor: Actor, idempotencyKey: string): CommandContext => ({
  account: DEMO_ACCOUNT,
  actor,
  requestId: 'demo',
  idempotencyKey,
});
