import { hash } from 'node:crypto';

/** Ids and names that follow from numbers alone, so that every run has the same population. */

/** A number from 0 up to 1 that follows from `n` and what it is for. */
export function chance(n: number, purpose: number): number {
  let h = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(purpose + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

export const pick = <T>(list: readonly T[], n: number, purpose: number): T =>
  list[Math.floor(chance(n, purpose) * list.length)] as T;

const digest = (text: string): string => hash('sha1', text);

/** In no order, as ids that commands give are. */
export const userId = (n: number): string => `u_${digest(`user ${n}`).slice(0, 20)}`;
export const roleId = (n: number | string): string => `r_${digest(`role ${n}`).slice(0, 20)}`;

/** A UUID that follows from a text. */
export function uuid(text: string): string {
  const hex = digest(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const FIRST =
  'Ana Ben Chloé Dario Elif Farid Grace Hugo Ines Jonas Kofi Lena Mateo Nadia Omar Petra Quentin Ravi Sofía Tomás Uma Viktor Wei Xenia Yusuf Zoë';
const LAST =
  'Abdi Berg Castro Dubois Eriksen Fischer García Horvat Ivanov Jansen Kovač Lindqvist Müller Novak Okafor Pereira Quiroga Rossi Sharma Tanaka Usman Varga Weber Xu Yılmaz Zieliński';
const WORK =
  'Sales Support Campaign Billing Content Quality Partner Security Training Onboarding Research Field Night Regional Enterprise';
const RANK = 'lead agents reviewers managers analysts editors observers planners trainers auditors';
const words = (text: string): readonly string[] => text.split(' ');
const [first, last, work, rank] = [FIRST, LAST, WORK, RANK].map(words) as [
  readonly string[],
  readonly string[],
  readonly string[],
  readonly string[],
];

export function userProfile(n: number): { readonly username: string; readonly name: string } {
  const [given, family] = [pick(first, n, 1), pick(last, n, 2)];
  const plain = `${given}.${family}`
    .normalize('NFD')
    .replace(/[^A-Za-z.]/g, '')
    .toLowerCase();
  return { username: `${plain}.${n}@example.com`, name: `${given} ${family} ${n}` };
}

export const roleName = (n: number): string => `${pick(work, n, 3)} ${pick(rank, n, 4)} ${n}`;
