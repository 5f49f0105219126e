import { describe, expect, test } from 'vitest';
import type { OutputItem } from '../../wire/items.ts';
import type { Response } from '../../wire/response.ts';
import { callProblem } from './call-problem.ts';

const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'a', arguments: '{}' };

function problemOf(output: readonly OutputItem[]): ReturnType<typeof callProblem> {
  const response: Response = {
    ...{ id: 'resp_1', status: 'completed', output, error: null, incompleteReason: null, usage: null },
    ...{ background: true, store: true },
  };
  return callProblem(response);
}

describe('callProblem', () => {
  test.each(['computer_call', 'local_shell_call', 'shell_call', 'apply_patch_call'])(
    'rejects a call that only the client could execute: %s',
    (type) => {
      const problem = problemOf([call, { type, call_id: 'call_9' }]);
      expect(problem).toMatchObject({ code: 'unsupported_call', message: expect.stringContaining(type) });
    },
  );

  test('accepts a call of a hosted shell with its output', () => {
    const output = [
      { type: 'shell_call', call_id: 'call_9' },
      { type: 'shell_call_output', call_id: 'call_9' },
    ];
    expect(problemOf(output)).toBeUndefined();
    expect(problemOf([...output, { type: 'shell_call', call_id: 'call_10' }])?.code).toBe('unsupported_call');
  });

  test('finds the output of a local shell, which has no `call_id`, by its id', () => {
    const shell = { type: 'local_shell_call', id: 'lsh_1', call_id: 'call_9' };
    const answeredBy = (id: string) =>
      problemOf([shell, { type: 'local_shell_call_output', id, output: '{}' }])?.code;
    expect(answeredBy('call_9')).toBeUndefined();
    expect(answeredBy('lsh_1')).toBeUndefined();
    expect(answeredBy('call_10')).toBe('unsupported_call');
  });

  test('accepts unknown calls (I10)', () => {
    expect(problemOf([call, { type: 'hologram_call', call_id: 'x' }])).toBeUndefined();
  });
});
