import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { retryOnFailure } from '../../retry-on-failure.ts';

/** Evaluates arithmetic with mathjs, which is loaded with the first call. */
export const calculate = tool({
  name: 'calculate',
  description:
    'Evaluates a mathematical expression exactly as written. Knows + - * / ^ %, parentheses, sqrt, log, exp, round(x, digits), mean(a, b, …), median, std, min, max, comparisons and a ? b : c.',
  parameters: toStandardJsonSchema(
    v.object({ expression: v.pipe(v.string(), v.description('For example: round(4426 / 1461, 2)')) }),
  ),
  execute: async ({ expression }) => {
    const { evaluateExpression } = await retryOnFailure(() => import('./evaluate-expression.ts'));
    return { expression, result: evaluateExpression(expression) };
  },
  idempotent: true,
});
