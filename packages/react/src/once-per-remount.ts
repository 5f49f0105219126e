/**
 * Prevents StrictMode from starting a run twice. In development, StrictMode runs every effect, cleans it up and runs it
 * again, so a `start` in an effect would start a second job, which is paid for. Instead, the second `start` returns the
 * run of the first.
 */
export interface OncePerRemount<Input, Value> {
  /** Call it in the cleanup of an effect. */
  unmounted(): void;
  run(input: Input, start: () => Value): Value;
}

export function oncePerRemount<Input, Value>(): OncePerRemount<Input, Value> {
  type Start = { readonly input: Input; readonly value: Value };
  let recent: Start | undefined;
  let undone: Start | undefined;
  return {
    unmounted: () => {
      undone = recent;
    },
    run: (input, start) => {
      const again = undone;
      undone = undefined;
      if (again !== undefined && JSON.stringify(again.input) === JSON.stringify(input)) return again.value;
      recent = { input, value: start() };
      // StrictMode runs effects again within the same task, so a later start is intended.
      queueMicrotask(() => {
        recent = undefined;
        undone = undefined;
      });
      return recent.value;
    },
  };
}
