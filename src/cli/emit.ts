import 'reflect-metadata';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SETTINGS } from '../config/config';
import type { Setting } from '../config/settings-reader';
import { eventGroups } from '../domain/events';
import { eventSchemas } from '../domain/schemas';
import { emitSchema } from '../graphql/emit';
import { ROUTES, type Route } from '../http/routes';
import { packageRoot } from '../config/package-root';
import { metricTable } from '../observability/metrics/instruments';
import { markdownTable, replaceSection } from './readme';

/**
 * Writes what follows from the code: `schema/schema.graphql`, `schema/events/*.json`, the README's tables of settings
 * and metrics, the guides' of events and addresses. `npm run drift` checks that the committed ones are these.
 */
const root = packageRoot();
const folder = path.join(root, 'schema');
const events = path.join(folder, 'events');
mkdirSync(events, { recursive: true });
const schemas = Object.entries(eventSchemas());
const names = new Set(schemas.map(([name]) => name));
for (const name of readdirSync(events)) if (!names.has(name)) rmSync(path.join(events, name));
for (const [name, schema] of schemas)
  writeFileSync(path.join(events, name), `${JSON.stringify(schema, null, 2)}\n`);
emitSchema(path.join(folder, 'schema.graphql'));

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
const readme = path.join(root, 'README.md');
replaceSection(readme, 'settings', markdownTable(['setting', 'default', 'what'], settings));
replaceSection(readme, 'metrics', markdownTable(['metric', 'labels', 'what'], metrics));

const streams = Object.entries(eventGroups).flatMap(([stream, definitions]) =>
  Object.entries(definitions).map(([name, { description = '' }]) => [stream, `\`${name}\``, description]),
);
const guide = path.join(root, 'docs', 'eventstoredb.md');
replaceSection(guide, 'events', markdownTable(['stream', 'event', 'what happened'], streams));

const routes = Object.values<Route>(ROUTES).map(({ method, path: address, guard, serves }) => [
  `\`${method} ${address}\``,
  guard === 'none' ? '' : guard,
  serves,
]);
const addresses = path.join(root, 'docs', 'http.md');
replaceSection(addresses, 'routes', markdownTable(['address', 'token of', 'what'], routes));
