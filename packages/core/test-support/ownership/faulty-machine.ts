import { nextOwnership } from '../../src/ownership/next-ownership.ts';
import type { OwnershipCommand } from '../../src/ownership/ownership-command.ts';
import type { OwnershipEvent } from '../../src/ownership/ownership-event.ts';
import type { Ownership } from '../../src/ownership/ownership.ts';
import type { Next } from './process-turn.ts';

/** A machine that receives a changed event, or has a changed state. */
export function given(change: (own: Ownership, event: OwnershipEvent) => [Ownership, OwnershipEvent]): Next {
  return (own, event) => nextOwnership(...change(own, event));
}

/** A machine that receives changed events. */
export function hearing(change: (event: OwnershipEvent, own: Ownership) => OwnershipEvent): Next {
  return given((own, event) => [own, change(event, own)]);
}

/** A machine that does not receive some events. */
export function deafTo(isLost: (event: OwnershipEvent, own: Ownership) => boolean): Next {
  return (own, event) => (isLost(event, own) ? [own, []] : nextOwnership(own, event));
}

/** A machine that omits some commands. */
export function without(
  isLost: (command: OwnershipCommand, after: Ownership, event: OwnershipEvent, before: Ownership) => boolean,
): Next {
  return (own, event) => {
    const [after, commands] = nextOwnership(own, event);
    return [after, commands.filter((command) => !isLost(command, after, event, own))];
  };
}

/** A machine that receives `answer` for some of its calls. The process does not perform these calls. */
export function answering(
  type: 'load' | 'claim' | 'flush',
  answer: (own: Ownership, call: number) => OwnershipEvent | undefined,
): Next {
  return (own, event) => {
    let [after, commands] = nextOwnership(own, event);
    while (after.call?.type === type) {
      const { id } = after.call;
      const next = answer(after, id);
      if (next === undefined) break;
      const rest = commands.filter((command) => !('call' in command && command.call === id));
      const [last, more] = nextOwnership(after, next);
      after = last;
      commands = [...rest, ...more];
    }
    return [after, commands];
  };
}
