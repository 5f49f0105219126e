import type { ReactElement } from 'react';

/** Describes the abilities of the simulated model, before a visitor sends a message of their own. */
export function SimulatedHint(): ReactElement {
  return (
    <>
      The model is simulated: it can do the example tasks, calculate (<code>6 * 7</code>) and repeat what was
      said here. It does not understand other questions.
    </>
  );
}
