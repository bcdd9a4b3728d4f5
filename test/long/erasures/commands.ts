import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult, Installation } from '../../end-to-end/installation';
import type { Random } from '../random';
import type { People } from './people';

/** Commands of an operator beside the server, of which any may be killed, and is begun again some time. */

export interface Folders {
  readonly backup: string;
  readonly log: string;
  readonly keys: string;
}

/** Duration of a command, in milliseconds, before one was seen to its end. */
const FIRST_GUESS_MS = 1_500;

export class Commands {
  readonly #durations = new Map<string, number>();
  /** A new master key was put first, and not all is sealed by it yet. */
  #rotating = false;
  /** Failures of commands that nobody killed. */
  readonly failed: string[] = [];
  readonly ended = new Map<string, number>();

  constructor(
    private readonly installation: Installation,
    private readonly folders: Folders,
    private readonly people: People,
  ) {}

  /** A command by chance, as it is typed. */
  choose(random: Random): readonly string[] {
    const chosen = random.below(10);
    if (chosen < 4) return this.rotation();
    if (chosen < 6) return this.keysCopy;
    if (chosen < 7) return this.backup;
    if (chosen < 8) return this.logCopy;
    const person = this.people.pickLiving(random);
    if (person === null) return this.backup;
    person.erased = 'asked';
    return ['user', 'erase', person.id, '--account', 'demo', '--reason', 'asked for it'];
  }

  rotation(): readonly string[] {
    return this.#rotating ? ['keys', 'rotate'] : ['keys', 'new-master', '--add'];
  }

  get backup(): readonly string[] {
    return ['backup', this.folders.backup];
  }
  get logCopy(): readonly string[] {
    return ['log', 'copy', '--from', this.installation.directory, '--to', this.folders.log];
  }
  get keysCopy(): readonly string[] {
    return ['keys', 'copy', '--to', this.folders.keys];
  }

  /** Runs a command, and kills it at a random moment of its usual duration. True if it was still running then. */
  async kill(words: readonly string[], random: Random): Promise<boolean> {
    const kind = kindOf(words);
    const usual = this.#durations.get(kind) ?? FIRST_GUESS_MS;
    const running = this.installation.begin(...words);
    let ended = false;
    const end = running.ended.then((result) => {
      ended = true;
      return result;
    });
    await Promise.race([end, sleep(random.below(usual))]);
    const killed = !ended;
    if (killed) running.kill();
    const result = await end;
    // A new master key may have been added just before.
    if (kind === 'keys new-master') this.#rotating = true;
    if (!killed || result.code !== null) this.#finished(words, result);
    return result.code === null;
  }

  /** Runs a command to its end. `forgiven`: the server beside it is killed meanwhile. */
  async run(words: readonly string[], forgiven = false): Promise<CommandResult> {
    const begun = performance.now();
    const result = await this.installation.rolebook(...words);
    if (!forgiven) this.#durations.set(kindOf(words), performance.now() - begun);
    this.#finished(words, result, forgiven);
    return result;
  }

  #finished(words: readonly string[], { code, stderr }: CommandResult, forgiven = false): void {
    const kind = kindOf(words);
    if (code !== 0) {
      if (!forgiven) this.failed.push(`${words.join(' ')}: ${code} ${stderr.trim().slice(-300)}`);
      return;
    }
    this.ended.set(kind, (this.ended.get(kind) ?? 0) + 1);
    if (kind === 'keys new-master') this.#rotating = true;
    if (kind === 'keys rotate') {
      this.#rotating = false;
      this.#destroyOld();
    }
    const person = kind === 'user erase' ? this.people.all.find(({ id }) => id === words[2]) : undefined;
    if (person) person.erased = 'acknowledged';
  }

  /** Takes all lines but the first out of the file of master keys, as the end of a rotation says. */
  #destroyOld(): void {
    const file = path.join(this.installation.directory, 'master.keys');
    const [first] = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^\w/.test(line));
    writeFileSync(file, `${first}\n`, { mode: 0o600 });
  }
}

const kindOf = (words: readonly string[]): string =>
  words[0] === 'backup' ? 'backup' : words.slice(0, 2).join(' ');
