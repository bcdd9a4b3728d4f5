import { validate, type ValidationError } from 'class-validator';
import { refusal, type Refusal } from '../../domain/refusal';
import { MAX_CHANGES } from '../../domain/role/context';

/** No list of wishes may be longer than what one mutation may change. */
const MAX_ENTRIES = MAX_CHANGES;
/** The whole set that a form shows is mostly what holds already; catalogues of 10,000 permissions exist. */
const MAX_WHOLE_SET = 10_000;

/** Lists that are too long, told before any entry is looked at: a body full of entries would hold up everyone else. */
export function lengthRefusals(input: object): Refusal[] {
  return Object.entries(input).flatMap(([field, value]: [string, unknown]) => {
    const limit = field === 'grants' ? MAX_WHOLE_SET : MAX_ENTRIES;
    if (!Array.isArray(value) || value.length <= limit) return [];
    return [
      refusal('TOO_MANY', {
        message: `${value.length} entries; one mutation takes ${limit}.`,
        field: [field],
      }),
    ];
  });
}

/** What is malformed in an input, as refusals with the path of each field. The rules of the domain come after. */
export async function shapeRefusals(input: object): Promise<Refusal[]> {
  const errors = await validate(input, {
    forbidUnknownValues: false,
    validationError: { target: false, value: false },
  });
  return errors.flatMap((error) => flatten(error, []));
}

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
