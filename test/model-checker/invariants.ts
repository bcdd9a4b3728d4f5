import { identify } from '../../src/commands/identity';
import { keysToClaim } from '../../src/domain/text';
import {
  compiledValidator,
  metadataValidator,
  validateEvent,
  validateMetadata,
} from '../../src/domain/schemas';
import type { EventType } from '../../src/domain/events';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { roleStream, userStream } from '../../src/event-store/port/streams';
import { CommandError, type CommandOwner } from '../../src/commands/command';
import { liveCustomRoles, membersOf, type Book } from './book';
import { CATALOGUE } from '../commands/catalogue';
import { ACCOUNT, verdict, type Done } from '../commands/harness';

/** Invariants after every schedule, from the log alone. Each returns faults, none when all is well. */

export function faults(book: Book, done: readonly Done[], someoneDied: boolean): string[] {
  return [
    ...bearers(book),
    ...admins(book),
    ...halves(book, someoneDied),
    ...conflicts(book),
    ...wholeLog(book.events),
    ...done.flatMap((each) => recordedOnce(book.events, each)),
    ...liftedOnce(book.events),
  ];
}

function bearers(book: Book): string[] {
  const names = liveCustomRoles(book).map(([, role]) => keysToClaim(role.name)[0]!);
  const bearing = [...book.users.values()].filter(({ released }) => !released);
  const usernames = bearing.map(({ username }) => keysToClaim(username)[0]!);
  const externalIds = bearing.flatMap(({ externalId }) => externalId ?? []);
  const identities = bearing.flatMap(({ identities: held }) => [...held.values()]);
  const defaults = CATALOGUE.content.defaultRoles
    .filter(({ retired }) => !retired)
    .map(({ name }) => keysToClaim(name)[0]!);
  return [
    ...twice([...names, ...defaults]).map((name) => `two roles bear ${name}`),
    ...twice(usernames).map((name) => `two users bear ${name}`),
    ...twice(externalIds).map((id) => `two users bear the external id ${id}`),
    ...twice(identities).map((identity) => `two users bear the identity ${identity}`),
  ];
}

function admins(book: Book): string[] {
  const active = [...membersOf(book, 'account-admin')].filter(
    (id) => book.users.get(id)?.active && !book.barred.has(id),
  );
  return active.length > 0 ? [] : ['no active account admin'];
}

/** A user is inactive exactly when barred; the half between the two is left only by the dead. */
function halves(book: Book, someoneDied: boolean): string[] {
  return [...book.users].flatMap(([id, { active }]) => {
    if (!active && !book.barred.has(id)) return [`${id} is inactive and not barred`];
    return active && book.barred.has(id) && !someoneDied ? [`${id} is active and barred`] : [];
  });
}

function conflicts(book: Book): string[] {
  return CATALOGUE.content.conflicts.flatMap(({ roles: [a, b] }) =>
    [...membersOf(book, a)]
      .filter((id) => membersOf(book, b).has(id))
      .map((id) => `${id} is in ${a} and ${b}`),
  );
}

/** Revisions have no hole, no id is used twice, an append's parts stand together, all is as the schemas say. */
function wholeLog(events: readonly RecordedEvent[]): string[] {
  const found: string[] = [];
  const heads = new Map<string, RecordedEvent>();
  for (const event of events) {
    const { stream, revision, type, data, metadata } = event;
    const before = heads.get(stream);
    if (revision !== (before?.revision ?? -1) + 1) found.push(`a hole before ${revision} of ${stream}`);
    const part = Number(metadata.part);
    if (
      part !== 1 &&
      (before?.metadata.commandId !== metadata.commandId || Number(before?.metadata.part) !== part - 1)
    ) {
      found.push(`part ${part} of an append stands alone in ${stream}`);
    }
    heads.set(stream, event);
    if (compiledValidator(type as EventType).Check(data) && metadataValidator().Check(metadata)) continue;
    found.push(
      ...[...validateEvent(type, data), ...validateMetadata(metadata)].map((fault) => `${type}: ${fault}`),
    );
  }
  return [...found, ...twice(events.map(({ id }) => id)).map((id) => `event id ${id} was used twice`)];
}

/** Types that a command writes beside its own events: claims, fences, bars. */
export const BESIDE = new Set(['Claimed', 'Released', 'ClaimAbandoned', 'UserBarred', 'UserUnbarred']);

/** Accepted: recorded exactly once, whole, on its owner. Refused: nothing of it. */
function recordedOnce(events: readonly RecordedEvent[], done: Done): string[] {
  const { outcome, ask, context } = done;
  const { commandId, keyed } = identify(ask.command, context);
  const own = events.filter(
    ({ type, metadata }) =>
      !BESIDE.has(type) &&
      (keyed ? metadata.commandId === commandId : metadata.requestId === context.requestId),
  );
  const said = `${ask.command.type} (${verdict(done)})`;
  const times = own.filter(({ metadata }) => metadata.part === '1').length;
  if (times > 1) return [`${said} was recorded ${times} times`];
  if (outcome instanceof CommandError) return [`${said} was not decided`];
  if (!outcome.accepted) {
    const reused = outcome.refusals.some(({ code }) => code === 'IDEMPOTENCY_KEY_REUSED');
    return own.length > 0 && !reused ? [`${said} has events`] : [];
  }
  if (own.length !== Number(own[0]?.metadata.parts ?? 0)) return [`${said} was recorded in part`];
  const elsewhere = own.find(({ stream }) => stream !== ownerStream(outcome.owner));
  return elsewhere ? [`${said} wrote to ${elsewhere.stream}`] : [];
}

/** A bar that came after a keyed reactivation was complete is of another deactivation: a repeat leaves it alone. */
function liftedOnce(events: readonly RecordedEvent[]): string[] {
  const lifted = events.filter(({ type, metadata }) => type === 'UserUnbarred' && metadata.keyed === 'true');
  const by = lifted.map(({ data, metadata }) => `${String(data.user)} under ${String(metadata.commandId)}`);
  return twice(by).map((each) => `the bar was lifted twice of ${each}`);
}

const ownerStream = ({ kind, id }: CommandOwner): string =>
  kind === 'role'
    ? roleStream(ACCOUNT, id)
    : kind === 'user'
      ? userStream(ACCOUNT, id)
      : `rolebook.account-${ACCOUNT}`;

function twice(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}
