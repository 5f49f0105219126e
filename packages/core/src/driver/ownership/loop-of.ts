import type { Continuation } from '../../engine/engine-event.ts';
import type { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import { failureReason } from '../error-as-data.ts';
import { RunLoop } from '../loop/run-loop.ts';
import type { LoopPorts } from '../loop-setup.ts';
import type { Publication } from '../publication/publication.ts';
import type { DriveOptions } from './drive-options.ts';

/** Receives the reports of a loop. Reports of a loop that was replaced are ignored. */
interface LoopOwner {
  stepped(loop: RunLoop): unknown;
  halted(loop: RunLoop, error: LonghaulError): void;
}

/** Creates a loop for a saved run. `importing`: the store does not have the run yet. */
export function loopOf(
  ports: LoopPorts,
  { agent, context }: DriveOptions,
  { head, items }: RunSnapshot,
  publication: Publication,
  owner: LoopOwner,
  importing: boolean,
): RunLoop {
  const loop: RunLoop = new RunLoop(
    ports,
    {
      agent,
      context,
      emit: (body, at) => publication.emit(body, at),
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
  continuation: Promise<Continuation> | undefined,
): Promise<void> {
  try {
    const loaded = await continuation;
    loop.feed({ type: 'started', ...(loaded && { continuation: loaded }) });
  } catch (error) {
    loop.feed({ type: 'start_failed', ...failureReason(error, 'continue_failed') }, error);
  }
}
