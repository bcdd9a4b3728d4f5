import type { Position } from '../event-store/port/event-store';
import type { PositionCodec } from '../shared/position-codec';
import type { EventVoid } from '../repair/voids';
import { CliError } from './output';

/** A position as given on the command line. @throws CliError for an invalid one, or one of another log */
export function decodePosition(positions: PositionCodec, text: string): Position {
  try {
    return positions.decode(text);
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error));
  }
}

/** The mark of a void event, as commands print it. */
export const voidAsJson = ({ at, by, reason, position }: EventVoid, positions: PositionCodec): object => ({
  at: at.toISOString(),
  actorType: by.type,
  actorId: by.id,
  reason,
  position: positions.encode(position),
});
