import type { Operation } from '../load';
import type { Plan } from '../population/plan';

/** The most that one may ask for: documents that are refused, and those just within the limit. */
export interface Worst extends Operation {
  readonly what: string;
  /** Requests at once; 1 where left out. */
  readonly atOnce?: number;
}

const repeated = (count: number, field: string): string =>
  Array.from({ length: count }, (_, n) => `f${n}: ${field}`).join(' ');

export function worst({ large }: Plan): readonly Worst[] {
  const search = 'users(search: "an") { edges { cursor } }';
  const nobody = 'users(search: "zq", status: INACTIVE) { edges { cursor } totalCount }';
  const outside = `users(search: "an", notInRole: "Role:${large.id}") { edges { cursor } totalCount }`;
  const inside = `users(search: "novak", first: 20) { totalCount edges { node { name } } }`;
  const grants = Array.from({ length: 10_000 }, (_, n) => ({ permission: `no/such-${n}` }));
  return [
    { what: '100 searches of two letters', query: `{ ${repeated(100, search)} }` },
    { what: '15 searches of two letters', query: `{ ${repeated(15, search)} }` },
    { what: '100 searches among the inactive', query: `{ ${repeated(100, nobody)} }` },
    { what: '7 searches among the inactive', query: `{ ${repeated(7, nobody)} }` },
    { what: '78 searches outside of a role', query: `{ ${repeated(78, outside)} }` },
    { what: '7 searches outside of a role', query: `{ ${repeated(7, outside)} }` },
    { what: '46 totals of history', query: `{ ${repeated(46, 'history { totalCount }')} }` },
    { what: '18 totals of history', query: `{ ${repeated(18, 'history { totalCount }')} }` },
    {
      what: '100 types of the schema',
      query: `{ ${repeated(100, '__type(name: "Role") { name fields { name } }')} }`,
    },
    {
      what: '4 types of the schema',
      query: `{ ${repeated(4, '__type(name: "Role") { name fields { name } }')} }`,
    },
    {
      what: '50 searches at once in the large role',
      query: `{ role(id: "Role:${large.id}") { ${inside} } }`,
      atOnce: 50,
    },
    {
      what: 'three mutations with 10k unknown grants',
      query: `mutation ($g: [GrantInput!]!) { ${repeated(3, `createRole(input: { name: "Worst", grants: $g }) { errors { code } }`)} }`,
      variables: { g: grants },
    },
    {
      what: 'the largest page',
      query: `{ users(first: 200) { edges { node { ${repeated(60, 'name')} roles { id name } } } } }`,
    },
  ];
}
