import { ROUTES } from '../http/routes';

/** Metadata of this decision point: the addresses below its base. There are no capabilities, which are left out then. */
export const metadata = (base: string): object => ({
  policy_decision_point: base,
  access_evaluation_endpoint: base + ROUTES.authzenEvaluation.path,
  access_evaluations_endpoint: base + ROUTES.authzenEvaluations.path,
  search_subject_endpoint: base + ROUTES.authzenSubjects.path,
  search_resource_endpoint: base + ROUTES.authzenResources.path,
  search_action_endpoint: base + ROUTES.authzenActions.path,
});
