import type { ToolCallView } from '../../../engine/view/run-view.ts';
import { redactCallError } from './redact-error.ts';
import { isHiddenCall } from './redaction.ts';
import { remember, rememberList, type Scope } from './remember.ts';

/** The calls as a page sees them. A hidden call keeps its ids, name, status, times and `approvalView`. */
export const redactCalls: (calls: readonly ToolCallView[], scope: Scope) => readonly ToolCallView[] =
  rememberList(
    remember((call, scope) => {
      if (isHiddenCall(call, scope.redaction)) {
        const { arguments: _arguments, output: _output, progress: _progress, error: _error, ...shown } = call;
        return { ...shown, rawArguments: '' };
      }
      return call.error === undefined ? call : { ...call, error: redactCallError(call.error, scope) };
    }),
  );
