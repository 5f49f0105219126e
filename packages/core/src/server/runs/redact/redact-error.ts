import { classOfCode } from '../../../engine/policy/error-codes.ts';
import type { ErrorView, WarningView } from '../../../engine/view/run-view.ts';
import { defined } from '../../../wire/defined.ts';
import { redact } from '../../answer/redact.ts';
import { withOpaqueIds } from './opaque-ids.ts';
import { remember, rememberList, type Scope } from './remember.ts';

const limit = 'The run has reached one of its limits.';

/** The messages for pages of the errors that end a run, by code. */
const runMessages: ReadonlyMap<string, string> = new Map([
  ['cancelled', 'The run was cancelled.'],
  ['refusal', 'The model refused to answer.'],
  ['content_filter', 'A content filter stopped the answer.'],
  ['max_output_tokens', 'The answer has reached its maximum length.'],
  ['context_length_exceeded', 'The conversation is too long for the model.'],
  ['invalid_output', 'The answer does not have the expected form.'],
  ['tool_errors', 'Too many calls of tools have failed.'],
  ['max_calls', limit],
  ['max_iterations', limit],
  ['queued_timeout', limit],
  ['run_timeout', limit],
  ['token_limit', limit],
]);

/** The messages for pages of the errors of a call, by code. The message of `denied` is a person's, and stays. */
const callMessages: ReadonlyMap<string, string> = new Map([
  ['invalid_arguments', 'The arguments of the call are not valid.'],
  ['interrupted', 'The call was interrupted. It is not known whether it had an effect.'],
  ['not_run', 'The call was not executed.'],
  ['timed_out', 'The tool did not return in time.'],
  ['unknown_tool', 'There is no tool of this name.'],
]);

/** Replaces all errors of a public tool, and of a hosted MCP server, whose text is not known to be harmless. */
export const toolFailed = 'The tool failed.';

function runMessage(code: string): string {
  const known = runMessages.get(code);
  if (known !== undefined) return known;
  const kind = classOfCode(code);
  if (kind === 'overload' || kind === 'quota') return 'The model is not available now. Try again later.';
  return kind === 'transient' ? 'The model failed. Try again.' : 'The run failed.';
}

/** A code of Longhaul or of the API is a short word. A gateway may send any text in its place. */
function shownCode(code: string, { runId }: Scope): string {
  return /^[\w.-]{1,64}$/.test(code) && withOpaqueIds(code, runId) === code ? code : 'unknown';
}

/** The text without keys, credentials in addresses and response ids. */
function cleanText(text: string, { runId }: Scope): string {
  return withOpaqueIds(redact(text, []), runId);
}

/**
 * The error of a run, an attempt or a request. Its code and HTTP status stay. The API's message may contain ids, keys,
 * addresses and parts of the request, so the page sees a message that depends only on the code. It states which limit
 * the run has reached or whether another try may help, and otherwise that the run failed. With `showErrors`, the page
 * sees the message without keys and response ids.
 */
export const redactRunError: (error: ErrorView, scope: Scope) => ErrorView = remember((error, scope) => {
  const { code, message, status, param } = error;
  const shown = { code: shownCode(code, scope), ...defined({ status }) };
  return scope.redaction.showErrors
    ? { ...shown, message: cleanText(message, scope), ...defined({ param }) }
    : { ...shown, message: runMessage(code) };
});

/** The error of a call of a public tool. The texts of the server's tools are shown only with `showErrors`. */
export const redactCallError: (error: ErrorView, scope: Scope) => ErrorView = remember((error, scope) => {
  const { code, message } = error;
  if (scope.redaction.showErrors) return { code, message: withOpaqueIds(message, scope.runId) };
  return { code, message: code === 'denied' ? message : (callMessages.get(code) ?? toolFailed) };
});

/**
 * The text of a warning. It is written for the server's developers. That of `agent_changed` contains the error of a
 * call, whose tool may be private.
 */
export function warningText(code: string, message: string, scope: Scope): string {
  return scope.redaction.showErrors && code !== 'agent_changed'
    ? cleanText(message, scope)
    : `The server has recorded the warning "${code}".`;
}

export const redactWarnings: (warnings: readonly WarningView[], scope: Scope) => readonly WarningView[] =
  rememberList(
    remember((warning, scope) => ({
      ...warning,
      message: warningText(warning.code, warning.message, scope),
    })),
  );
