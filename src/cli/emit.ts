import 'reflect-metadata';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SETTINGS } from '../config/config';
import type { Setting } from '../config/settings-reader';
import { eventGroups } from '../domain/events';
import { eventSchemas, storedEventSchemas } from '../domain/schemas';
import { asyncApi } from '../feeds/contracts/asyncapi';
import { allContracts } from '../feeds/contracts/contracts';
import { printSorted } from '../graphql/needs/print';
import { createSchema } from '../graphql/schema';
import { errorTable, remedyTable } from '../http/error-codes/error-table';
import { ROUTES, type Route } from '../http/routes';
import { packageRoot, programVersion } from '../config/package-root';
import { metricTable } from '../observability/metrics/instruments';
import { markdownTable, replaceSection } from './markdown';

/**
 * Writes the files generated from the code: `schema/schema.graphql`, `schema/events/*.json`, `schema/asyncapi.json`, and the tables of
 * settings, metrics, error codes, events and addresses in `docs/`. `npm run emit` has the bench write the figures besides,
 * and `npm run drift` checks that the committed files are up to date.
 */
const root = packageRoot();
const folder = path.join(root, 'schema');
writeAll(path.join(folder, 'events'), { ...eventSchemas(), ...allContracts() });
writeJson(path.join(folder, 'asyncapi.json'), asyncApi(programVersion()));
writeAll(path.join(folder, 'events', 'stored'), storedEventSchemas());
writeFileSync(path.join(folder, 'schema.graphql'), printSorted(createSchema()));

const settings = Object.values<Setting>(SETTINGS).map(({ name, default: value, description }) => [
  `\`${name}\``,
  value ? `\`${value}\`` : '',
  description,
]);
const metrics = metricTable().map(({ name, labels, help }) => [
  `\`${name}\``,
  labels.map((label) => `\`${label}\``).join(', '),
  help,
]);
const page = (name: string): string => path.join(root, 'docs', `${name}.md`);
replaceSection(page('settings'), 'settings', markdownTable(['setting', 'default', 'what'], settings));
replaceSection(page('metrics'), 'metrics', markdownTable(['metric', 'labels', 'what'], metrics));
const CODES = ['code', 'where', 'status', 'retry', 'why', 'what to do'];
replaceSection(page('error-codes'), 'codes', markdownTable(CODES, errorTable()));
replaceSection(page('frontend'), 'remedies', markdownTable(['what to do', 'codes'], remedyTable()));

const streams = Object.entries(eventGroups).flatMap(([stream, definitions]) =>
  Object.entries(definitions).map(([name, { description = '' }]) => [stream, `\`${name}\``, description]),
);
replaceSection(page('eventstoredb'), 'events', markdownTable(['stream', 'event', 'what happened'], streams));

const routes = Object.values<Route>(ROUTES).map(({ method, path: address, guard, needs = [], serves }) => [
  `\`${method} ${address}\``,
  guard === 'none' ? '' : guard.replace('reader', 'user or operator'),
  needs.map((permission) => `\`${permission}\``).join(', '),
  serves,
]);
replaceSection(page('http'), 'routes', markdownTable(['address', 'token of', 'needs', 'what'], routes));

/** Writes the schemas into a folder, and removes those of before that are none any more. */
function writeAll(directory: string, schemas: Readonly<Record<string, object>>): void {
  mkdirSync(directory, { recursive: true });
  const former = readdirSync(directory).filter((name) => name.endsWith('.json') && !(name in schemas));
  for (const name of former) rmSync(path.join(directory, name));
  for (const [name, schema] of Object.entries(schemas)) writeJson(path.join(directory, name), schema);
}

function writeJson(file: string, content: object): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
