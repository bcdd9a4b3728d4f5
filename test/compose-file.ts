import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The compose file as tests read it, without an engine. */

export interface Service {
  readonly image?: string;
  readonly build?: string | { readonly context: string };
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { aliases?: readonly string[] } | null>>;
  readonly network_mode?: string;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string; required?: boolean }>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { file: string }>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** Tests run from the root. */
export const text = (file: string): string => readFileSync(file, 'utf8');

export const compose = parse(text('docker-compose.yml'), { merge: true }) as Compose;
export const services = Object.entries(compose.services);
export const replicas = services.filter(([, { environment }]) => environment?.PORT !== undefined);

export const sourceOf = (volume: string): string => volume.split(':')[0] ?? '';
export const isNamed = (volume: string): boolean => /^[a-z]/.test(volume);

/** Settings of a service, with the files of secrets in a folder instead of where containers have them. */
export const settingsOf = (service: string, secrets: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(compose.services[service]?.environment ?? {}).map(([name, value]) => [
      name,
      value.replace(/^\/run\/secrets/, secrets),
    ]),
  );
