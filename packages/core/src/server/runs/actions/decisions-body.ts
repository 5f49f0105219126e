import type { Decision } from '../../../engine/decision.ts';
import type { JsonObject, JsonValue } from '../../../wire/json.ts';
import { defined } from '../../../wire/defined.ts';
import { checkVisitorOutput } from '../visitor-input.ts';
import { invalidRequest } from '../refusals.ts';
import { asObject, checkFields, readOptionalText, readText } from '../request-body.ts';

/** The maximum number of decisions in a request. A response has no more calls. */
const mostDecisions = 1_000;
/** The longest reason of a denied call. The model and the viewers of the run receive it. */
const longestReason = 10_000;
const longestId = 512;

export interface DecisionsRequest {
  readonly decisions: readonly Decision[];
  readonly iteration: number;
}

function readDecision(value: JsonValue | undefined): Decision {
  const fields = asObject(value, 'A decision');
  const callId = readText(fields, 'callId', longestId);
  const check = (...own: readonly string[]): void =>
    checkFields(fields, ['type', 'callId', ...own], 'A decision');
  const leaseId = (): { readonly leaseId?: string } =>
    defined({ leaseId: readOptionalText(fields, 'leaseId', longestId) });
  switch (fields['type']) {
    case 'approve':
      check();
      return { type: 'approve', callId };
    case 'deny':
      check('reason');
      return {
        type: 'deny',
        callId,
        ...defined({ reason: readOptionalText(fields, 'reason', longestReason) }),
      };
    case 'output': {
      check('output', 'leaseId');
      const { output } = fields;
      if (output === undefined) throw invalidRequest('A decision of type `output` must have an `output`.');
      checkVisitorOutput(output);
      return { type: 'output', callId, output, ...leaseId() };
    }
    case 'error':
      check('message', 'leaseId');
      return { type: 'error', callId, message: readText(fields, 'message'), ...leaseId() };
    default:
      throw invalidRequest('The `type` of a decision must be `approve`, `deny`, `output` or `error`.');
  }
}

/** Reads the body of a request with decisions. */
export function readDecisions(body: JsonObject): DecisionsRequest {
  checkFields(body, ['decisions', 'iteration']);
  const { decisions, iteration } = body;
  if (typeof iteration !== 'number' || !Number.isSafeInteger(iteration) || iteration < 0)
    throw invalidRequest('`iteration` must be the iteration of the calls: a whole number of at least 0.');
  if (!Array.isArray(decisions) || decisions.length === 0 || decisions.length > mostDecisions)
    throw invalidRequest(`\`decisions\` must be a list of 1 to ${mostDecisions} decisions.`);
  return { decisions: decisions.map(readDecision), iteration };
}
