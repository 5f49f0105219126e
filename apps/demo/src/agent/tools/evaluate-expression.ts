import { all, create } from 'mathjs/number';

if (all === undefined) throw new Error('mathjs has no functions.');
const math = create(all, {});
const evaluate = math.evaluate.bind(math);

function refuse(): never {
  throw new Error('This function is not available.');
}

// An expression comes from a model: these would let it change the engine itself, or run code within code.
math.import(
  { import: refuse, config: refuse, createUnit: refuse, evaluate: refuse, parse: refuse, compile: refuse },
  { override: true },
);

/** The value of an expression. @throws Error where it cannot be read, or has no number as its value */
export function evaluateExpression(expression: string): number | boolean {
  const value: unknown = evaluate(expression);
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'number') throw new Error('The expression has no number as its value.');
  if (!Number.isFinite(value)) throw new Error('The result is not a finite number.');
  return value;
}
