import type { PermissionDecision } from '../../projections/view';
import {
  actionOf,
  checkContext,
  MalformedRequestError,
  membersOf,
  resourceOf,
  subjectOf,
  type Action,
  type Members,
  type Resource,
  type Subject,
} from './entities';
import { isKnown, USER, usersNamed, type Question } from './question';

/** Access evaluations: may a subject perform an action on a resource? Decided by the checks that GraphQL answers by. */

export const MAX_EVALUATIONS = 1_000;

/** One decision, with the reason of a denial. */
export interface Decision {
  readonly decision: boolean;
  readonly context?: object;
}

interface Asked {
  readonly subject: Subject;
  readonly action: Action;
  readonly resource: Resource;
}

/** @throws MalformedRequestError */
function askedIn(request: Members): Asked {
  checkContext(request);
  return {
    subject: subjectOf(request['subject']),
    action: actionOf(request['action']),
    resource: resourceOf(request['resource']),
  };
}

/** Answers one request. @throws MalformedRequestError */
export const evaluate = (question: Question, body: unknown): Decision =>
  decide(question, [askedIn(membersOf(body, 'The body'))])[0]!;

/** Number of decisions that a body asks for. @throws MalformedRequestError for too many */
export function countAsked(body: unknown): number {
  const { evaluations } = membersOf(body, 'The body');
  const count = Array.isArray(evaluations) ? evaluations.length : 1;
  if (count > MAX_EVALUATIONS)
    throw new MalformedRequestError(`\`evaluations\` has at most ${MAX_EVALUATIONS} entries.`);
  return Math.max(1, count);
}

/**
 * Answers many requests, in their order; one that is malformed is denied, with the fault in its context. Without
 * `evaluations` the body is a single request.
 * @throws MalformedRequestError for what concerns the whole body
 */
export function evaluateAll(question: Question, body: unknown): Decision | { evaluations: Decision[] } {
  const { evaluations, options, ...defaults } = membersOf(body, 'The body');
  if (evaluations !== undefined && !Array.isArray(evaluations))
    throw new MalformedRequestError('`evaluations` must be a list.');
  const semantic = semanticOf(options);
  if (evaluations === undefined || evaluations.length === 0) return evaluate(question, defaults);
  countAsked(body);
  checkDefaults(defaults);
  const read = (evaluations as readonly unknown[]).map((each, index) => {
    try {
      return askedIn({ ...defaults, ...membersOf(each, `\`evaluations[${index}]\``) });
    } catch (error) {
      if (error instanceof MalformedRequestError) return error;
      throw error;
    }
  });
  const decisions = decide(
    question,
    read.filter((each): each is Asked => !(each instanceof MalformedRequestError)),
  ).values();
  const answers = read.map((each) =>
    each instanceof MalformedRequestError ? faulty(each) : decisions.next().value!,
  );
  const last = answers.findIndex(({ decision }) => decision === ENDS_AT[semantic]);
  return { evaluations: last < 0 ? answers : answers.slice(0, last + 1) };
}

/** Decision after which no more are told; undefined: all are. */
const ENDS_AT = { execute_all: undefined, deny_on_first_deny: false, permit_on_first_permit: true } as const;

/** @throws MalformedRequestError */
function semanticOf(options: unknown): keyof typeof ENDS_AT {
  const { evaluations_semantic: wanted = 'execute_all' } =
    options === undefined ? {} : membersOf(options, '`options`');
  if (typeof wanted !== 'string' || !Object.hasOwn(ENDS_AT, wanted))
    throw new MalformedRequestError(
      `\`options.evaluations_semantic\` is one of ${Object.keys(ENDS_AT).join(', ')}.`,
    );
  return wanted as keyof typeof ENDS_AT;
}

/** A default that is malformed is a fault of the whole, as each evaluation that it is for would have it. */
function checkDefaults(defaults: Members): void {
  checkContext(defaults);
  for (const entity of ['subject', 'action', 'resource'] as const)
    if (defaults[entity] !== undefined) membersOf(defaults[entity], `\`${entity}\``);
}

const faulty = ({ message }: MalformedRequestError): Decision => ({
  decision: false,
  context: { error: { status: 400, message } },
});

/** Decisions in the order asked, read together. */
function decide(question: Question, asked: readonly Asked[]): Decision[] {
  const users = usersNamed(
    question,
    asked.map(({ subject }) => subject),
  );
  const reasons = asked.map(({ subject, resource }, index) => {
    if (!isKnown(question, resource)) return 'UNKNOWN_RESOURCE';
    if (subject.type !== USER) return 'UNKNOWN_SUBJECT_TYPE';
    return users[index] === null ? 'UNKNOWN_USER' : null;
  });
  const checks = asked.flatMap(({ action: { name, scope } }, index) =>
    reasons[index] === null ? { user: users[index]!, permission: name, scope } : [],
  );
  const decisions = question.view.checks(checks).values();
  return reasons.map((reason) =>
    reason === null ? told(question, decisions.next().value!) : { decision: false, context: { reason } },
  );
}

/** Roles that grant it are told to those who may see roles. */
function told({ seesRoles }: Question, { allowed, reason, via }: PermissionDecision): Decision {
  const context = { ...(reason === null ? {} : { reason }), ...(seesRoles ? { via } : {}) };
  return Object.keys(context).length === 0 ? { decision: allowed } : { decision: allowed, context };
}
