import { validate, validateSync, type ValidationError } from 'class-validator';
import type { Work } from '../../shared/turns';
import { refusal, type Refusal } from '../../domain/refusal';

const OPTIONS = { forbidUnknownValues: false, validationError: { target: false, value: false } } as const;
/** What validating an object does, in rows looked at. */
const AN_OBJECT = 10;

/** What is malformed in an input, as refusals with the path of each field. The rules of the domain come after. */
export async function shapeRefusals(input: object, work: Work): Promise<Refusal[]> {
  const lists = Object.entries(input).filter((entry): entry is [string, object[]] =>
    isListOfObjects(entry[1]),
  );
  // Of objects in lists there may be thousands: others have their turns between them.
  const without = Object.fromEntries(lists.map(([field]) => [field, []]));
  const rest = Object.assign(Object.create(Object.getPrototypeOf(input) as object) as object, input, without);
  const refusals = (await validate(rest, OPTIONS)).flatMap((error) => flatten(error, []));
  for (const [field, list] of lists) {
    for (const [index, entry] of list.entries()) {
      work.did(AN_OBJECT);
      await work.share();
      const errors = validateSync(entry, OPTIONS);
      refusals.push(...errors.flatMap((error) => flatten(error, [field, String(index)])));
    }
  }
  return refusals;
}

const isListOfObjects = (value: unknown): boolean => Array.isArray(value) && typeof value[0] === 'object';

function flatten(
  { property, constraints = {}, children = [] }: ValidationError,
  parents: readonly string[],
): Refusal[] {
  const field = [...parents, property];
  return [
    ...Object.values(constraints).map((message) => refusal('INVALID_INPUT', { message, field })),
    ...children.flatMap((child) => flatten(child, field)),
  ];
}
