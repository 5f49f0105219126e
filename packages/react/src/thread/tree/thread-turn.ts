import {
  type AgentRef,
  inputParts,
  type Part,
  type RunStatus,
  type RunView,
  type RunViewOf,
  type ToolCallOf,
  viewParts,
} from '@longhaul/core';
import type { PathTurn } from './thread-tree.ts';

/** One turn of a conversation: a question and its answer, which may still stream. */
export interface ThreadTurn<A extends AgentRef = AgentRef> {
  /** The newest run of the turn. Pass it to `retry`, `edit`, `regenerate` and `show`. */
  readonly runId: string;
  readonly input: readonly Part<never>[];
  /** The parts of the answer. A retried turn has the parts of all its runs. */
  readonly parts: readonly Part<ToolCallOf<A>>[];
  readonly status: RunStatus;
  /** The view of the newest run. */
  readonly run: RunViewOf<A>;
  /** The ids of all versions of the turn, oldest first. `show` shows another version. */
  readonly siblings: readonly string[];
  /** The position of this version in `siblings`. */
  readonly index: number;
}

interface Made {
  readonly turn: ThreadTurn;
  readonly views: readonly RunView[];
  readonly siblings: string;
}

/** The last turn that was made of each newest view, so that an unchanged turn is the same object. */
const made = new WeakMap<RunView, Made>();

/** The parts of a later run of a turn, with keys of their own. */
const laterParts = new WeakMap<Part, Part>();

function laterPart(part: Part, runId: string): Part {
  const known = laterParts.get(part) ?? { ...part, key: `${runId}/${part.key}` };
  laterParts.set(part, known);
  return known;
}

/**
 * Whether a part of a run that was retried is still part of the turn. The error is over. The retry repeats a response
 * that has failed, so its output is not part of the conversation that the model reads.
 */
function outlivesRetry({ status, iteration, iterations }: RunView, part: Part): boolean {
  if (part.type === 'error') return false;
  const isFailed = status === 'failed' && iterations.at(-1)?.status !== 'completed';
  return !isFailed || part.iteration !== iteration || part.type === 'input';
}

function partsOf(views: readonly RunView[]): readonly Part[] {
  const [first] = views;
  if (views.length === 1 && first !== undefined) return viewParts(first);
  return views.flatMap((view, index) => {
    const isLast = index === views.length - 1;
    const parts = viewParts(view).filter((part) => isLast || outlivesRetry(view, part));
    return index === 0 ? parts : parts.map((part) => laterPart(part, view.runId));
  });
}

/** The turn of these runs; undefined until all of them are loaded. */
export function turnOf(
  { version, siblings, index }: PathTurn,
  known: ReadonlyMap<string, RunView>,
): ThreadTurn | undefined {
  const views = version.runs.flatMap(({ runId }) => known.get(runId) ?? []);
  const [first] = views;
  const run = views.at(-1);
  if (first === undefined || run === undefined || views.length < version.runs.length) return undefined;
  const before = made.get(run);
  const place = `${siblings.join()}/${index}`;
  if (before?.siblings === place && before.views.every((view, at) => view === views[at])) return before.turn;
  const { runId } = version;
  const { status } = run;
  const turn = { runId, input: inputParts(first.input), parts: partsOf(views), status, run, siblings, index };
  made.set(run, { turn, views, siblings: place });
  return turn;
}
