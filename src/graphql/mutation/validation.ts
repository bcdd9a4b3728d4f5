import { validate, type ValidationError } from 'class-validator';
import { refusal, type Refusal } from '../../domain/refusal';

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
