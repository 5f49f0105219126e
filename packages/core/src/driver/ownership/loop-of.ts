import type { Continuation } from '../../engine/engine-event.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import type { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import { failureReason } from '../error-as-data.ts';
import { RunLoop } from '../loop/run-loop.ts';
import type { LoopPorts } from '../loop-setup.ts';
import type { Publication } from '../publication/publication.ts';
import type { DriveOptions } from './drive-options.ts';
import type { RunContext } from './run-context.ts';

/** Receives the reports of a loop. Reports of a loop that was replaced are ignored. */
interface LoopOwner {
  readonly context: RunContext;
  earlierItems(): Promise<readonly StoredItem[]>;
  stepped(loop: RunLoop): unknown;
  halted(loop: RunLoop, error: LonghaulError): void;
}

/** Creates a loop for a saved run. `importing`: the store does not have the run yet. */
export function loopOf(
  ports: LoopPorts,
  { agent }: DriveOptions,
  { head, items }: RunSnapshot,
  publication: Publication,
  owner: LoopOwner,
  importing: boolean,
): RunLoop {
  const loop: RunLoop = new RunLoop(
    ports,
    {
      agent,
      get context() {
        return owner.context.value;
      },
      earlierItems: () => owner.earlierItems(),
      emit: (body, at) => publication.emit(body, at),
      hold: (count) => publication.hold(count),
      stepped: () => owner.stepped(loop),
      halted: (error) => owner.halted(loop, error),
    },
    head,
    items,
    importing,
  );
  return loop;
}

/** Sends the first event to a new loop. `continuation`: the run that it continues, if that must be loaded first. */
export async function beginLoop(
  loop: RunLoop,
  context: 'own' | 'runner' | undefined,
  continuation: Promise<Continuation> | undefined,
): Promise<void> {
  try {
    loop.feed({ type: 'started', ...defined({ context, continuation: await continuation }) });
  } catch (error) {
    loop.feed({ type: 'start_failed', ...failureReason(error, 'continue_failed') }, error);
  }
}
