import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, isSpecifiedScalarType } from 'graphql';
import { printSorted } from '../../src/graphql/needs/print';
import { createSchema } from '../../src/graphql/schema';

describe('The schema', () => {
  const schema = createSchema();

  test('is the committed one', () => {
    const committed = readFileSync(path.join(__dirname, '../../schema/schema.graphql'), 'utf8');
    expect(printSorted(schema)).toBe(committed);
  });

  test('describes every type, field, argument and value', () => {
    const missing: string[] = [];
    const need = (at: string, { description }: { description?: string | null }) => {
      if (!description) missing.push(at);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
      const root = type === schema.getQueryType() || type === schema.getMutationType();
      if (!root) need(type.name, type);
      if (isEnumType(type)) for (const value of type.getValues()) need(`${type.name}.${value.name}`, value);
      if (isInputObjectType(type))
        for (const field of Object.values(type.getFields())) need(`${type.name}.${field.name}`, field);
      if (isObjectType(type) || isInterfaceType(type)) {
        for (const field of Object.values(type.getFields())) {
          need(`${type.name}.${field.name}`, field);
          for (const arg of field.args) need(`${type.name}.${field.name}(${arg.name}:)`, arg);
        }
      }
    }
    expect(missing).toEqual([]);
  });

  test('writes every value of an enum in upper case', () => {
    const values = Object.values(schema.getTypeMap())
      .filter(isEnumType)
      .flatMap((type) => type.getValues().map(({ name }) => `${type.name}.${name}`));
    expect(values.length).toBeGreaterThan(50);
    expect(values.filter((value) => !/^\w+\.[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(value))).toEqual([]);
  });

  test('names an input as one, but for values that stand for a moment, a user or a filter', () => {
    const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType);
    expect(inputs.length).toBeGreaterThan(20);
    const others = inputs.map(({ name }) => name).filter((name) => !/(Input|Filter)$/.test(name));
    expect(others.sort()).toEqual(['AsOf', 'UserRef']);
  });
});
