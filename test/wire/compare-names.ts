import { openaiVersion } from './openai-types.ts';

/** Names of the API that a component does not know, each with the reason. */
export type Excused = { readonly [name: string]: string };

export interface Comparison {
  /** The component that knows the names: `the emulator`, `the proxy`. */
  readonly who: string;
  /** The kind of the names: `request field`, `stream event`. */
  readonly what: string;
  /** The names in `openai`'s types. */
  readonly api: Iterable<string>;
  readonly known: Iterable<string>;
  readonly excused?: Excused;
}

/** A sentence for each name that is new in `openai`'s types, and for each reason that is no longer needed. */
export function differences({ who, what, api, known, excused = {} }: Comparison): readonly string[] {
  const [declared, here] = [new Set(api), new Set(known)];
  const version = openaiVersion();
  const unknown = [...declared]
    .filter((name) => !here.has(name) && !Object.hasOwn(excused, name))
    .map((name) => `openai ${version} has the ${what} '${name}', which ${who} does not know.`);
  const outdated = Object.keys(excused)
    .filter((name) => !declared.has(name) || here.has(name))
    .map((name) =>
      here.has(name)
        ? `The ${what} '${name}' has a reason to be unknown, but ${who} knows it. Remove the reason.`
        : `The ${what} '${name}' has a reason, but openai ${version} does not have it. Remove the reason.`,
    );
  return [...unknown, ...outdated];
}
