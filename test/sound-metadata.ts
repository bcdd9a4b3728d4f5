import type { EventMetadata } from '../src/domain/events';

/** Metadata that readers take, of an event that stands alone in its append. */
export const soundMetadata = (other: Partial<EventMetadata> = {}): EventMetadata => ({
  account: 'acme',
  actorId: 'test',
  actorType: 'operator',
  basis: '-',
  command: 'test',
  commandId: 'test',
  inputHash: '0',
  part: '1',
  parts: '1',
  recordedAt: '2026-01-02T03:04:05.678Z',
  requestId: 'test',
  schemaVersion: '1',
  ...other,
});
