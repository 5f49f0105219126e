/**
 * The relation of this process to a run.
 *
 * - `starting`: the run is new. It is not saved yet, and its id may be taken.
 * - `driving`: the loop runs here, under the run's claim.
 * - `resting`: the run waits for a person. No process holds the claim.
 * - `following`: another process holds the claim. This process shows the other's saves, and takes over if the claim
 *   ends.
 * - `parked`: the run waits for a person, or for a time that is far away. No process drives it, and no memory holds it:
 *   the queue wakes a worker for it. Only for workers of a queue.
 * - `stopped`: this process has not resumed the run yet, or the run has ended, was detached, or failed to be driven.
 */
export type Place = 'starting' | 'driving' | 'resting' | 'following' | 'parked' | 'stopped';

/**
 * The part of this process for the runs of a queue.
 *
 * - `none`: the runs of this process are not in a queue.
 * - `front`: the process starts and shows runs, and the workers drive them.
 * - `worker`: the process drives a run while it has the run's job. The job is the claim.
 */
export type QueueRole = 'none' | 'front' | 'worker';

/** The facts of a run's state that ownership depends on. */
export interface RunFacts {
  /** Identifies the run: a run that was deleted and a later run may have the same id. */
  readonly createdAt: number;
  readonly revision: number;
  /** Identifies the save. A later run may have a save with the same revision. */
  readonly commitId: string;
  /** Increased each time a process resumes the run. */
  readonly epoch: number;
  /**
   * - `awaits_person`: nothing happens until a person decides.
   * - `awaits_timer`: nothing happens until a time for which a worker parks the run, or until a message arrives.
   * - `cancelling`: the run records a cancel, and does not start tools.
   */
  readonly standing: 'open' | 'awaits_person' | 'awaits_timer' | 'cancelling' | 'over';
  /** Whether no worker drives the run until it is resumed. Absent if it is not so. No save of the run says it. */
  readonly halted?: true;
}

/** A request of the user that waits for an answer. */
export interface Ask {
  readonly id: number;
  readonly type: 'resume' | 'follow' | 'decide' | 'cancel';
  /** The destination to which the request was sent, if it was. A resume that took effect counts as `to_loop`. */
  readonly sent: 'no' | 'to_loop' | 'to_inbox';
  /** A resume that a person or a program requested. See `manual` in `ResumeOptions`. */
  readonly manual: boolean;
  /** A resume with another agent or context, which replaces those of the loop. */
  readonly replaces: boolean;
  /** A resume that permits an additional create, after the answers to two were lost. The job may be paid for again. */
  readonly permits: boolean;
  /** A resume by a runner that looks for runs without a process. If another process drives the run, it has no effect. */
  readonly adopts: boolean;
  /** Made after `detach`, while the loop stops. It drives the run again. */
  readonly afterDetach: boolean;
}

/** The calls that take time. At most one is pending. */
export type CallType = 'claim' | 'load' | 'receive' | 'post' | 'flush' | 'drain' | 'pause' | 'park';

/** The things that may have changed since this process read them. */
export interface Stale {
  /** The loop may not have processed all its events. */
  readonly loop: boolean;
  readonly store: boolean;
  readonly inbox: boolean;
  /** The claim may be free. */
  readonly claim: boolean;
}

/**
 * Why this process requests the claim.
 *
 * - `no`: this process does not request the claim.
 * - `free`: the claim was found free.
 * - `check_inbox`: the run waits for a person, and a message may wait in the inbox. Without one, the run rests.
 * - `message`: a decision or a cancel waits for a run that rests here.
 * - `asked`, `manual`: a request of the user needs it; `manual` also permits a create that may be paid for twice.
 */
export type ClaimReason = 'no' | 'free' | 'check_inbox' | 'message' | 'asked' | 'manual';

/** Which process drives a run, as one process sees it. JSON, and complete: the machine has no other memory. */
export interface Ownership {
  readonly place: Place;
  /** Whether the run was started here. Until its first save, the store may have another run of its id. */
  readonly isNew: boolean;
  /** Whether the run came from a snapshot, and this process has not found it in the store. */
  readonly isUnstored: boolean;
  /** Whether other processes can reach the run: the store has claims. */
  readonly shared: boolean;
  readonly queue: QueueRole;
  /**
   * Whether this process may drive the run: it has started or resumed the run. Otherwise it only shows the run, and
   * never requests the claim.
   */
  readonly mayDrive: boolean;
  /** Whether the runner provides the context of the run's tools, before each time that this process drives the run. */
  readonly asksContext: boolean;
  /** The context since this process began to drive the run, and since the run waited for a person. */
  readonly context: 'none' | 'asked' | 'given';
  /** Requests of the context so far. An answer to an earlier one comes too late. */
  readonly contexts: number;
  /** Whether the loop here has received a cancel, or will receive one from the inbox. A cancel needs no context. */
  readonly cancels: boolean;
  /** Whether another process held the claim when this process looked last. Applies while this process follows. */
  readonly elsewhere: boolean;
  /** The run as the loop here has it. */
  readonly run: RunFacts;
  /** Whether the loop in this process was started or resumed. False for a loop that only shows a save. */
  readonly started: boolean;
  /** Whether this process believes that it holds the claim. */
  readonly claimed: boolean;
  /** Whether the view shows the run as this place has it. */
  readonly shown: boolean;
  /** The pending call. An answer to any other call comes too late. */
  readonly call: { readonly id: number; readonly type: CallType; readonly ask?: number } | null;
  /** Calls made so far. */
  readonly calls: number;
  readonly stale: Stale;
  readonly claimReason: ClaimReason;
  /** `detach` was called. The loop finishes what it has begun. */
  readonly leaving: boolean;
  readonly asks: readonly Ask[];
  /** Whether a follower has asked for unsaved events. */
  readonly listened: boolean;
}

/** The context of a run that this process does not drive. */
export const noContext: Pick<Ownership, 'context' | 'cancels'> = { context: 'none', cancels: false };

export const nothingStale: Stale = { loop: false, store: false, inbox: false, claim: false };

/** How this process has got a run: it starts the run, loads it, or has a snapshot of a run that is not stored. */
export type RunOrigin = 'start' | 'store' | 'snapshot';

/** The abilities of the runner and its store that do not change. */
export interface OwnershipAbilities {
  /** See `Ownership`. */
  readonly shared: boolean;
  readonly asksContext: boolean;
  /** @default 'none' */
  readonly queue?: QueueRole;
}

/** The ownership of a run that this process starts, or has not resumed yet. */
export function initialOwnership(
  run: RunFacts,
  { shared, asksContext, queue = 'none' }: OwnershipAbilities,
  origin: RunOrigin,
): Ownership {
  const isNew = origin === 'start';
  return {
    place: isNew ? 'starting' : 'stopped',
    isNew,
    isUnstored: origin === 'snapshot',
    shared,
    queue,
    mayDrive: isNew,
    asksContext,
    ...noContext,
    contexts: 0,
    elsewhere: true,
    run,
    started: false,
    claimed: false,
    shown: false,
    call: null,
    calls: 0,
    stale: nothingStale,
    claimReason: 'no',
    leaving: false,
    asks: [],
    listened: false,
  };
}
