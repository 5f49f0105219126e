import { Refusal } from '../refusal.ts';
import type { Reference } from './find-references.ts';
import type { ReferenceKind } from './reference.ts';

type Judge = (kind: ReferenceKind, id: string) => boolean | Promise<boolean>;

/** The maximum number of different references. Each may cost the site a query, and a body can contain thousands. */
const mostReferences = 100;

function notAllowed(param: string): Refusal {
  const message = `'${param}' refers to something that this server does not let you use.`;
  return new Refusal(400, 'reference_not_allowed', message, { param });
}

/**
 * Throws unless the site allows each reference. All refusals have the same message, so that it does not reveal what
 * exists.
 */
export async function authorizeReferences(references: readonly Reference[], judge: Judge): Promise<void> {
  const allowed = new Set<string>();
  for (const { kind, id, param } of references) {
    // Response ids are accepted only in `previous_response_id`, where their signature is verified.
    if (id === undefined || kind === 'response') throw notAllowed(param);
    const name = `${kind}:${id}`;
    if (allowed.has(name)) continue;
    if (allowed.size >= mostReferences) throw notAllowed(param);
    const verdict: unknown = await judge(kind, id);
    // Only `true` counts, so that a forgotten `return` does not grant access.
    if (verdict !== true) throw notAllowed(param);
    allowed.add(name);
  }
}
