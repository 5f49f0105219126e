import * as z from 'zod';
import { scenario, type Scenario, type ScenarioOptions } from './scenario.ts';
import { tool, type ToolOptions } from '../src/agent/tool.ts';
import type { SchemaSource } from '../src/schema/tool-schema.ts';
import type { JsonValue } from '../src/wire/json.ts';

/** A scenario whose model calls the tool `t` once. */
export function calling(
  args: JsonValue,
  options: Omit<Partial<ToolOptions<'t', SchemaSource, unknown, unknown>>, 'name'>,
  more: ScenarioOptions = {},
): Scenario & { /** The arguments of each execution. */ readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const t = tool({
    name: 't',
    parameters: z.object({}),
    execute: (value) => {
      seen.push(value);
      return 'ok';
    },
    ...options,
  });
  const calls = [{ name: 't', arguments: args, callId: 'call_t' }];
  const s = scenario({ script: [{ calls }, { text: 'Done.' }], tools: [t], ...more });
  return { ...s, seen };
}
