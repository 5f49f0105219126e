import { expect } from 'vitest';
import * as z from 'zod';

const response = z.looseObject({
  id: z.string(),
  status: z.string(),
  previous_response_id: z.string().nullish(),
});
const failure = z.object({
  error: z.object({
    message: z.string(),
    type: z.string().nullable(),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

/** The Response object of an answer. Throws if there is none. */
export async function readResponse(answer: Response): Promise<z.infer<typeof response>> {
  return response.parse(await answer.json());
}

/** The error of an answer in OpenAI's shape: these four fields and no others. */
export async function readError(answer: Response): Promise<z.infer<typeof failure>['error']> {
  return failure.strict().parse(await answer.json()).error;
}

const noAnswer = z.strictObject({ code: z.string(), message: z.string() });

/**
 * The proxy's error without an answer of the API. It is JSON without an `error` object, because clients would treat
 * that object as an error of the API.
 */
export async function readNoAnswer(answer: Response): Promise<z.infer<typeof noAnswer>> {
  expect(answer.headers.get('content-type')).toBe('application/json');
  return noAnswer.parse(await answer.json());
}
