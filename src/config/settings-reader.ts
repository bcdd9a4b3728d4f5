import { readFileSync } from 'node:fs';

/** One variable of the environment, as the table in docs/settings.md shows it. */
export interface Setting {
  readonly name: string;
  /** Default as it would be written; empty: none. */
  readonly default: string;
  readonly description: string;
  /** May also be given as the path of a file that holds the value, in `<name>_FILE`. */
  readonly secret?: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** True for an origin in the form in which browsers send it, since that is compared. */
const isOrigin = (text: string): boolean =>
  /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** Reads settings and collects their faults; a faulty one reads as its default. */
export class SettingsReader {
  readonly faults: string[] = [];

  constructor(private readonly environment: Environment) {}

  text(setting: Setting): string {
    const given = this.environment[setting.name]?.trim();
    const file = setting.secret ? this.environment[`${setting.name}_FILE`]?.trim() : undefined;
    if (given && file) this.faults.push(`${setting.name} and ${setting.name}_FILE are both set: set one.`);
    if (file) {
      try {
        return readFileSync(file, 'utf8').trim();
      } catch {
        this.faults.push(`${setting.name}_FILE names a file that cannot be read.`);
      }
    }
    return given || setting.default;
  }

  given(setting: Setting): boolean {
    return Boolean(this.environment[setting.name]?.trim());
  }

  /** True also for a secret that is given by the path of a file. */
  givenOrInFile(setting: Setting): boolean {
    return this.given(setting) || Boolean(setting.secret && this.environment[`${setting.name}_FILE`]?.trim());
  }

  integer(setting: Setting, least: number, most: number): number {
    const text = this.text(setting);
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    this.faults.push(`${setting.name} is a whole number from ${least} to ${most}.`);
    return Number(setting.default);
  }

  oneOf(setting: Setting, values: readonly string[]): string {
    const text = this.text(setting);
    if (values.includes(text)) return text;
    this.faults.push(`${setting.name} is one of ${values.join(', ')}.`);
    return setting.default;
  }

  /** The fault does not repeat the value: it may hold a password. */
  matching(setting: Setting, pattern: RegExp, example: string): string {
    const text = this.text(setting);
    if (text !== '' && !pattern.test(text))
      this.faults.push(`${setting.name} does not look like ${example}.`);
    return text;
  }

  /** Origins with commas between. A pattern is none: whoever may ask is named. */
  origins(setting: Setting): string[] {
    const form = 'origins, as https://app.example.com: no path, no *, lower case, no default port';
    return this.list(setting, isOrigin, form);
  }

  /** Values with commas between, each once; a faulty one is left out. */
  list(setting: Setting, isSound: (text: string) => boolean, form: string): string[] {
    const given = this.text(setting)
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean);
    if (!given.every(isSound)) this.faults.push(`${setting.name} lists ${form}.`);
    return [...new Set(given.filter(isSound))];
  }

  /** Null if none is given. */
  moment(setting: Setting): Date | null {
    const text = this.text(setting);
    if (text === '') return null;
    const moment = new Date(text);
    // Dates that JavaScript reads as another day, such as 30 February, are refused.
    const isSound =
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(text) &&
      !Number.isNaN(moment.getTime()) &&
      moment.toISOString().startsWith(text.slice(0, 19));
    if (isSound) return moment;
    this.faults.push(`${setting.name} is a moment in UTC, as 2026-03-01T12:00:00Z.`);
    return null;
  }

  /** A misspelt setting would be ignored silently. */
  refuseUnknown(settings: readonly Setting[]): void {
    const known = new Set(settings.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])));
    for (const name of Object.keys(this.environment)) {
      if (name.startsWith('ROLEBOOK_') && !known.has(name))
        this.faults.push(`${name} is not a setting of Rolebook.`);
    }
  }
}
