/**
 * Keeps StrictMode from starting a run twice. In development it runs every effect, undoes it and runs it again at once,
 * so a `start` in an effect would cost a second job; the second of the two gets the run of the first.
 */
export interface OncePerRemount<Input, Value> {
  /** To be called by the cleanup of an effect. */
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
      // The effects run again within the same task: what is started later is meant.
      queueMicrotask(() => {
        recent = undefined;
        undone = undefined;
      });
      return recent.value;
    },
  };
}
