/**
 * The type of a `T` that was written to JSON and read again: dates are strings, `undefined` is null, without functions.
 */
export type Serialized<T> = T extends { toJSON(): infer Json }
  ? Serialized<Json>
  : T extends string | number | boolean | null
    ? T
    : T extends undefined | void
      ? null
      : T extends (...args: never) => unknown
        ? never
        : T extends readonly unknown[]
          ? { readonly [Index in keyof T]: Serialized<T[Index]> }
          : T extends object
            ? {
                readonly [Key in keyof T as T[Key] extends (...args: never) => unknown
                  ? never
                  : Key]: Serialized<T[Key]>;
              }
            : unknown;
