import type { RunView } from '../../engine/view/run-view.ts';
import type { DrivenRun } from '../../run/driving-runner.ts';
import type { ServedRunner } from './options/runs-options.ts';
import { redactView } from './redact/redact-view.ts';
import { type Redaction, type RedactionOptions, redactionOf } from './redact/redaction.ts';

/** Shows runs as pages may see them. */
export class ShownRuns {
  readonly #runner: ServedRunner;
  readonly #options: RedactionOptions;
  readonly #redactions = new Map<string, Redaction>();
  readonly #ofUnknown: Redaction;

  constructor(runner: ServedRunner, options: RedactionOptions) {
    this.#runner = runner;
    this.#options = options;
    // The tools of an agent that the runner no longer has may have been private.
    this.#ofUnknown = { tools: new Map(), hasPrivateTools: true, showErrors: false, showRequests: false };
  }

  redactionOf(agentName: string): Redaction {
    const known = this.#redactions.get(agentName);
    if (known !== undefined) return known;
    const agent = this.#runner.agents.find(({ name }) => name === agentName);
    if (agent === undefined) return this.#ofUnknown;
    const redaction = redactionOf(agent, this.#options);
    this.#redactions.set(agentName, redaction);
    return redaction;
  }

  viewOf(run: DrivenRun): { readonly view: RunView; readonly seq: number } {
    const { view, seq } = run;
    return { view: redactView(view, this.redactionOf(view.agent)), seq };
  }

  answer(run: DrivenRun, status: number): Response {
    return Response.json(this.viewOf(run), { status });
  }
}
