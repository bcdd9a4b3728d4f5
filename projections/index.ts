/** The ways in to the read models of this replica: to fill them and read, or only to read. */
export { openReadModels, type LocalReadModels, type OpenReadModelsOptions } from './files/local-read-models';
export { NoReadModels, openReadOnly, type ReadOnlyReadModels } from './files/read-only';
export type { Progress } from './projector/catch-up-progress';
