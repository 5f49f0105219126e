import type { WireTool } from '../wire/create-body.ts';
import type { JsonObject } from '../wire/json.ts';

/** What the engine knows of an agent: plain, deep-frozen JSON. Functions stay with the driver. */
export interface AgentSpec {
  readonly name: string;
  readonly model: string;
  readonly instructions?: string;
  readonly tools: readonly WireTool[];
  readonly background: boolean;
  /** Iterations that a run may take. */
  readonly maxIterations: number;
  /** Further parameters of each create. */
  readonly request: JsonObject;
  /** Whether a `prepareRequest` is to be asked before each create. */
  readonly prepares: boolean;
  /** Whether `result.output` is parsed from the final text. */
  readonly structured: boolean;
}
