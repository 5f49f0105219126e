import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../wire/json.ts';
import { toolChoiceOf } from './build-create.ts';

const forced = { type: 'function', name: 'get_weather' };
const allowed = { type: 'allowed_tools', mode: 'required', tools: [forced] };

describe('tool_choice', () => {
  test.each<JsonValue>(['auto', 'none', 'required', forced, { type: 'web_search' }, allowed])(
    '%j is sent unchanged in the first iteration',
    (choice) => {
      expect(toolChoiceOf(choice, 0)).toEqual(choice);
    },
  );

  test.each<[JsonValue, JsonValue]>([
    ['required', 'auto'],
    [forced, 'auto'],
    [{ type: 'custom', name: 'x' }, 'auto'],
    [{ type: 'mcp', server_label: 's' }, 'auto'],
    [{ type: 'web_search' }, 'auto'],
    ['auto', 'auto'],
    ['none', 'none'],
    [allowed, { ...allowed, mode: 'auto' }],
  ])('%j becomes %j after the first iteration, so that the model can stop calling', (choice, later) => {
    expect(toolChoiceOf(choice, 1)).toEqual(later);
    expect(toolChoiceOf(choice, 19)).toEqual(later);
  });

  test('is omitted if there is none', () => {
    expect(toolChoiceOf(undefined, 0)).toBeUndefined();
    expect(toolChoiceOf(null, 1)).toBeUndefined();
  });

  test('does not change the caller’s object', () => {
    toolChoiceOf(allowed, 1);
    expect(allowed.mode).toBe('required');
  });
});
