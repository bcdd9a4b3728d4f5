import { nameKey } from '../../domain/text';
import { KeyedQueue } from '../../shared/keyed-queue';
import type { OperatorTarget } from '../register-user';
import { applyRole } from './apply-role';
import { readLines } from './lines';
import { Pipeline } from './pipeline';
import { Tally, type ImportEvents, type ImportSummary } from './report';
import { activeIn, roleOf, unknownIn, usernamesOf } from './role-line';

/** A million users fit in the line of their role. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const LINES_AT_ONCE = 32;

/**
 * Imports roles from NDJSON, one role a line: `{"name","description","grants":[{"permission","scopes"}],"users"}`, or
 * `{"key","users"}` for a default role; users by username. Inactive users who are to have a role are in a list of their
 * own, `"inactiveUsers"`. The same file twice changes nothing, and completes an interrupted import. A line adds to a
 * role that an earlier import made under its name; it takes nothing away.
 * @throws ImportStoppedError
 */
export async function importRoles(
  target: OperatorTarget,
  file: string,
  events: ImportEvents,
): Promise<ImportSummary> {
  const tally = new Tally(events);
  const lines = new Pipeline(LINES_AT_ONCE);
  // Lines on one role are applied in their order.
  const roles = new KeyedQueue();
  for await (const { number, content, bytesRead } of readLines(file, MAX_LINE_BYTES)) {
    await lines.begin(async () => {
      if ('fault' in content) tally.fault(number, content.fault);
      else if (content.text.trim() !== '') await importLine(content.text, number);
      events.onProgress(bytesRead);
    });
  }
  await lines.end();
  await tally.untilRead(target.readModels);
  return tally.summary();

  async function importLine(text: string, number: number): Promise<void> {
    const line = roleOf(text);
    if ('fault' in line) return tally.fault(number, line.fault);
    const view = target.readModels.view(target.account);
    const ids = view.userIds(usernamesOf(line));
    const fault = unknownIn(line, ids, view.catalogue()) ?? activeIn(line, ids, view);
    if (fault !== null) return tally.fault(number, fault);
    const idsOf = (usernames: readonly string[] = []): string[] => [
      ...new Set(usernames.map((username) => ids.get(username) ?? '')),
    ];
    const members = { users: idsOf(line.users), inactive: idsOf(line.inactiveUsers) };
    const key = 'key' in line ? line.key : nameKey(line.name);
    tally.answered(number, await roles.run(key, () => applyRole(target, line, members)));
  }
}
