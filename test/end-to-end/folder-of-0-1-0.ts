import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DatabaseSync } from '@photostructure/sqlite';

/** The committed data folder of release 0.1.0, and what that release told of it. */

const FIXTURE = path.join(__dirname, '..', 'fixtures', 'release-0.1.0');

export type Data = Record<string, unknown>;

export interface About {
  /** Types of events that 0.1.0 had. */
  readonly types: readonly string[];
  /** The answer of `rolebook log verify`. */
  readonly verified: { readonly events: number; readonly streams: number; readonly digest: string };
  /** Global ids of who asks, by `username@account`. */
  readonly callers: Readonly<Record<string, string>>;
  readonly queries: Readonly<Record<string, string>>;
}

export interface Question {
  readonly name: string;
  readonly as: string;
  /** Name of the query in `About`. */
  readonly query: string;
  readonly variables: object;
  /** The answer of 0.1.0. */
  readonly data: Data;
}

export interface Change {
  readonly as: string;
  readonly query: string;
  readonly variables: { readonly input: { readonly idempotencyKey?: string } };
  readonly answer: { readonly data: Readonly<Record<string, Payload>> };
}

export interface Payload {
  readonly errors: readonly { readonly code: string }[];
  readonly position: string | null;
}

export interface Page {
  readonly totalCount: number;
  readonly edges: readonly { readonly node: Data }[];
}

const committed = (name: string): string => readFileSync(path.join(FIXTURE, name), 'utf8');
const unzipped = (name: string): Buffer => gunzipSync(readFileSync(path.join(FIXTURE, name)));
export const about = JSON.parse(committed('about.json')) as About;
export const questions = JSON.parse(committed('answers.json')) as readonly Question[];
export const sent = JSON.parse(committed('changes-sent.json')) as readonly Change[];
export const printed = { demo: unzipped('events-demo.ndjson.gz'), acme: unzipped('events-acme.ndjson.gz') };

/** The rows of a log as they stand in its file. */
export function rows(directory: string): unknown[] {
  const database = new DatabaseSync(path.join(directory, 'log.sqlite'), { readOnly: true });
  try {
    return database.prepare('SELECT * FROM events ORDER BY position').all();
  } finally {
    database.close();
  }
}

export function notesOf(directory: string): { readonly identity: string; readonly line: string } {
  const database = new DatabaseSync(path.join(directory, 'log.sqlite'), { readOnly: true });
  try {
    const notes = database.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[];
    const note = (name: string): string => notes.find(({ key }) => key === name)?.value ?? '';
    return { identity: note('identity'), line: note('line') };
  } finally {
    database.close();
  }
}

/** Settings of a server that leaves the catalogue of the log alone: the one that it comes with is no later. */
export function keepingTheCatalogue(directory: string): { readonly ROLEBOOK_CATALOGUE: string } {
  const file = path.join(directory, 'catalogue.json');
  const ours = JSON.parse(
    readFileSync(path.join(__dirname, '..', '..', 'schema', 'catalogue.json'), 'utf8'),
  ) as object;
  writeFileSync(file, JSON.stringify({ ...ours, version: 1 }));
  return { ROLEBOOK_CATALOGUE: file };
}

/** Writes the committed folder to where today's program shall find it. */
export function unpack(directory: string): void {
  for (const name of readdirSync(path.join(FIXTURE, 'folder')))
    writeFileSync(path.join(directory, path.basename(name, '.gz')), unzipped(path.join('folder', name)));
}
