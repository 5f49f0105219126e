import { defined, type Defined } from '../wire/defined.ts';
import type { JsonValue } from '../wire/json.ts';
import type { StoredCall } from './stored-item.ts';
import type { ErrorView, SettledCallStatus } from './view/run-view.ts';

/** What a completed call shows as its output: the tool's result, not the text that stands for it on the wire. */
function resultOf({ status, output, json }: StoredCall): JsonValue | undefined {
  if (status !== 'completed' || output === undefined || !('output' in output)) return undefined;
  return json === true && typeof output.output === 'string' ? JSON.parse(output.output) : output.output;
}

/** What views and events show of a call that was recorded. */
export function settledCall(call: StoredCall): { readonly status: SettledCallStatus } & Defined<{
  readonly arguments: JsonValue | undefined;
  readonly output: JsonValue | undefined;
  readonly error: ErrorView | undefined;
}> {
  const { status, error, arguments: args } = call;
  return { status, ...defined({ arguments: args, output: resultOf(call), error }) };
}
