import { all, create } from 'mathjs/number';

if (all === undefined) throw new Error('mathjs has no functions.');
const math = create(all, {});
const evaluate = math.evaluate.bind(math);

function refuse(): never {
  throw new Error('This function is not available.');
}

// The model writes the expression. These functions are refused: with them, it could change mathjs or run other code.
math.import(
  { import: refuse, config: refuse, createUnit: refuse, evaluate: refuse, parse: refuse, compile: refuse },
  { override: true },
);

/** Returns the value of an expression. @throws Error if the expression is invalid, or its value is not a number */
export function evaluateExpression(expression: string): number | boolean {
  const value: unknown = evaluate(expression);
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'number') throw new Error('The value of the expression is not a number.');
  if (!Number.isFinite(value)) throw new Error('The result is not a finite number.');
  return value;
}
