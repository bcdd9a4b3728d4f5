/**
 * Read models: every answer of the program, projected from the log into SQLite files that can always be rebuilt. Rooms,
 * each importing only those after it: files, projector, queries beside reducers, tables, view. This file and `view.ts`
 * are the entry points; code outside imports no other. It must never decide about a change, call a store except to
 * read, skip an event that it cannot apply, or let a query write.
 */
export { digestOf, TABLES_VERSION } from './files/digest';
export { openReadModels, type LocalReadModels, type OpenReadModelsOptions } from './files/local-read-models';
export { openReadOnly, openReadOnlyOf, type ReadOnlyReadModels, type TablesToRead } from './files/read-only';
export { serveProjector } from './projector/projector-thread';
export { historyCursor } from './queries/history-list';
export { createDecisionReads } from './queries/decision-reads';
export { endsAppend, eventFault } from './reducers/checked-event';
