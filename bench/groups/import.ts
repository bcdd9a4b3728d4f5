import path from 'node:path';
import { message } from '../../src/cli/output';
import { largest, sized, type Group } from '../context';
import { ACCOUNT } from '../population/events';
import { writeUsers } from '../population/users-file';
import { rolebook } from '../processes';

/** Rate at which the command line fills an empty account, from its start to its end, and the memory it takes. */

/** Below it, what is measured is mostly the start of a process. */
const MANY = 1_000_000;

export const importing: Group = async (bench) => {
  const users = largest(bench);
  const directory = bench.data.newDirectory();
  const settings = { ROLEBOOK_DATA_DIR: directory };
  const file = path.join(directory, 'users.csv');
  await writeUsers(file, users, 0);
  await rolebook(['account', 'open', ACCOUNT, '--admin', 'first-admin'], settings);
  message(`Importing ${users.toLocaleString('en')} users`);
  const memory: number[] = [];
  const began = performance.now();
  await rolebook(['import', 'users', file, '--account', ACCOUNT], settings, ({ memory: now }) => {
    // Not known of a process that has just ended.
    if (Number.isFinite(now)) memory.push(now);
  });
  const seconds = (performance.now() - began) / 1_000;
  const [first, second] = [memory.slice(0, memory.length / 2), memory.slice(memory.length / 2)];
  const what = `import of ${sized(users)} users into an empty account`;
  return [
    {
      what,
      value: users / seconds,
      unit: '/s',
      wanted: users >= MANY ? { of: 'value', atLeast: 10_000 } : undefined,
    },
    {
      what: `memory, ${what}, most in its second half`,
      value: Math.max(...second),
      unit: 'MB',
      against: { what: 'most in its first', value: Math.max(...first), unit: 'MB' },
      wanted: users >= MANY ? { of: 'ratio', atMost: 1.2 } : undefined,
    },
  ];
};
