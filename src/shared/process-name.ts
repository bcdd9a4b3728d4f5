import { readFileSync } from 'node:fs';

/** Names of processes that no later process has: an id is given again, in a container that is started anew at once. */

export interface ProcessName {
  readonly pid: number;
  /** Start of the machine and of the process in it; left out where the system does not say it as Linux does. */
  readonly started?: string;
}

export const ownName = (): ProcessName => nameOf(process.pid);

/** True if a process of this name runs; where there is no start to compare, one of its id. */
export function isRunning({ pid, started }: ProcessName): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // There is one then, of another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = nameOf(pid).started;
  return started === undefined || now === undefined || now === started;
}

/** Place of the start among the fields behind the name of the program, which is in brackets and may hold any character. */
const START = 19;

function nameOf(pid: number): ProcessName {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START];
    return start === undefined ? { pid } : { pid, started: `${boot}/${start}` };
  } catch {
    return { pid };
  }
}
