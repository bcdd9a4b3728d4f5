/** The ways in to the read models of this replica: to fill them and read, or only to read. */
export { openReadModels, type LocalReadModels, type OpenReadModelsOptions } from './open';
export { NoReadModels, openReadOnly, type ReadOnlyReadModels } from './read-only';
export type { Progress } from './pace';
