import * as z from 'zod';

const failure = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) });
const shown = z.strictObject({
  view: z.looseObject({
    runId: z.string(),
    status: z.string(),
    text: z.string(),
    iteration: z.number(),
    driver: z.string(),
    toolCalls: z.array(z.looseObject({ callId: z.string(), status: z.string() })),
  }),
  seq: z.number(),
});
const list = z.strictObject({ runs: z.array(z.looseObject({ runId: z.string(), status: z.string() })) });

/** The error of an answer: these two fields and no others. */
export async function readError(answer: Response): Promise<z.infer<typeof failure>['error']> {
  return failure.parse(await answer.json()).error;
}

/** The run of an answer. Throws if there is none. */
export async function readShown(answer: Response): Promise<z.infer<typeof shown>> {
  const body: unknown = await answer.json();
  return shown.parse(body);
}

export async function readList(answer: Response): Promise<z.infer<typeof list>['runs']> {
  return list.parse(await answer.json()).runs;
}

/** The statuses of several answers, in rising order. */
export function statusesOf(answers: readonly Response[]): readonly number[] {
  return answers.map(({ status }) => status).toSorted((a, b) => a - b);
}
