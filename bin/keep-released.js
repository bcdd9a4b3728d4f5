'use strict';
/**
 * Keeps the contracts of this release, with which later ones are compared: `schema/released.graphql`, and of the events
 * `schema/released-events.json`; and tells `schema/asyncapi.json` the new version. `npm version` runs it.
 */
const { copyFileSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const folder = path.join(__dirname, '..', 'schema');
copyFileSync(path.join(folder, 'schema.graphql'), path.join(folder, 'released.graphql'));

const events = path.join(folder, 'events');
const contracts = readdirSync(events)
  .filter((name) => /\.v\d+\.json$/.test(name))
  .sort()
  .map((name) => [name, JSON.parse(readFileSync(path.join(events, name), 'utf8'))]);
const kept = JSON.stringify(Object.fromEntries(contracts), null, 2);
writeFileSync(path.join(folder, 'released-events.json'), `${kept}\n`);

const file = path.join(folder, 'asyncapi.json');
const document = JSON.parse(readFileSync(file, 'utf8'));
document.info.version = require('../package.json').version;
writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
