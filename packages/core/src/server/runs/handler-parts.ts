import type { RequestCap } from '../limits/request-cap.ts';
import type { Principal } from '../principal.ts';
import type { RunsConfig } from './options/runs-config.ts';
import type { RunsOfVisitors } from './run-access.ts';
import type { ShownRuns } from './shown-runs.ts';
import type { RunStarts } from './start/run-starts.ts';
import type { OwnerLists } from './lists/owner-lists.ts';
import type { RunFeeds } from './stream/run-feeds.ts';
import type { StreamPlaces } from './stream/stream-places.ts';
import type { StreamTimes } from './stream/stream-times.ts';

/** The parts of a handler that all its requests share. */
export interface HandlerParts<P extends Principal> {
  readonly config: RunsConfig<P>;
  readonly access: RunsOfVisitors<P>;
  readonly shown: ShownRuns;
  readonly countStart: RequestCap;
  readonly starts: RunStarts;
  readonly lists: OwnerLists;
  readonly feeds: RunFeeds;
  readonly places: StreamPlaces;
  readonly times: StreamTimes;
}

/** One request of a visitor. */
export interface Visit<P extends Principal> {
  readonly request: Request;
  readonly url: URL;
  readonly principal: P;
  /** The principal's id, which owns the runs that the visitor starts. */
  readonly owner: string;
  /** Reports an error to the operator. */
  readonly report: (error: unknown) => void;
}
