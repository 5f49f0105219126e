import { describe, expect, test } from 'vitest';
import { lintProse } from './lint-prose.ts';
import { style } from './style.ts';

/** For each rule: sentences with one fault of it, and sentences that it must accept. */
const samples: Readonly<
  Record<string, { readonly faulty: readonly string[]; readonly plain: readonly string[] }>
> = {
  person: {
    faulty: [
      'Whoever gets the claim drives the run.',
      'The query is removed when nobody observes it.',
      'Somebody else has saved the run.',
      'Who polls misses the status.',
    ],
    plain: [
      'The process that holds the claim drives the run.',
      'Who drives a run?',
      'A user who signs in again resumes it.',
    ],
  },
  telling: {
    faulty: [
      'The tool is told the call id.',
      'Tells of tool calls.',
      'Owners are told apart by their ids.',
      'The client retries if the server says so.',
      'JSON has no word for it.',
      'A follower hears every event.',
    ],
    plain: [
      'The runner passes the call id to the tool.',
      'Tell me a joke.',
      'Emits an event for each tool call.',
      'The docs say that the field is optional.',
    ],
  },
  idiom: {
    faulty: [
      'The run goes on after a restart.',
      'A process takes the run up from the store.',
      'The request is on its way.',
      'Tests move the clock by hand.',
      'The response failed in passing.',
      'The create is still under way.',
      'The view stands for all earlier events.',
      'The attempt came to nothing.',
      'Retries for ever.',
    ],
    plain: [
      'The run continues after a restart.',
      'A process resumes the run.',
      'Tests advance the clock manually.',
      'The server is up.',
    ],
  },
  word: {
    faulty: [
      'Each leg is a request.',
      'Options beside the agent.',
      'The request is sent at once.',
      'Returns the answer; save for errors.',
      'Ask further.',
      'Is not driven here any more.',
    ],
    plain: [
      'Each iteration is a request.',
      'Saves the run.',
      'The request is sent immediately.',
      'It is no more than 10 kB.',
    ],
  },
  negation: {
    faulty: [
      'Infinity is no number.',
      'Rejects options that are none.',
      'One damaged row fails no other row.',
      'A listener that throws stops no run.',
      'A lost connection loses nothing.',
    ],
    plain: [
      'There is no such run.',
      'The run is no longer driven here.',
      'The response has no id.',
      'Nothing is sent before the save.',
    ],
  },
  'headless-what': {
    faulty: ['What is not saved is lost.', 'The stream is closed: what follows is ignored.'],
    plain: [
      'What does the run wait for?',
      'Data that is not saved is lost.',
      '# What is saved',
      'Returns what the tool returned.',
    ],
  },
  'where-if': {
    faulty: [
      'Where the store fails, driving stops.',
      'Undefined where the server sent none.',
      'Retries where there is a delay.',
    ],
    plain: [
      'If the store fails, driving stops.',
      'The folder where the file is saved.',
      'Where is the delay decided?',
    ],
  },
  'also-even': {
    faulty: ['The name is kept, also where a secret is equal.', 'Works also without a provider.'],
    plain: ['The name is kept even if a secret is equal.', 'It is also in the store.'],
  },
  inversion: {
    faulty: [
      'Of a larger answer only the id is kept.',
      'Each event that there is.',
      'One that throws fails its call.',
      'So does a resume.',
    ],
    plain: ['Of course.', 'Only the id of a larger answer is kept.', 'A tool that throws fails its call.'],
  },
  concession: {
    faulty: ['The loop runs whatever is mounted.', 'The response is polled, however slow it is.'],
    plain: [
      'The loop runs regardless of the mounted components.',
      'However, the response is polled.',
      'Waits 5 s or half of it, whichever is less.',
    ],
  },
  'long-sentence': {
    faulty: [`The run ${'saves and '.repeat(14)}ends.`.replace('The run', 'The run then')],
    plain: ['The run saves and ends.', `Supported values are: ${"'a.b_c.d', ".repeat(20)}and 'e'.`],
  },
  'doubled-word': {
    faulty: ['The body is waited for for ten seconds.'],
    plain: ['The last response. Response ids are signed.'],
  },
  article: {
    faulty: [
      'Returns a error.',
      'Returns an run.',
      'It takes a hour.',
      'Needs an unique id.',
      'Sends a HTTP request.',
    ],
    plain: [
      'Returns an error.',
      'A user waits an hour.',
      'A unique URL.',
      'An SSE stream, an MCP server, a JSON body, an `x` or a `y`.',
      'An unknown item.',
    ],
  },
  'passive-heap': {
    faulty: ['The request that was sent is answered when it is retried.'],
    plain: ['The request that was sent is retried.'],
  },
};

describe('the rules of plain prose', () => {
  test('each has samples', () => {
    expect(Object.keys(samples).toSorted()).toEqual(style.map(({ name }) => name).toSorted());
  });

  for (const [name, { faulty, plain }] of Object.entries(samples)) {
    const faultsOf = async (text: string) =>
      (await lintProse(text, 'sample.md')).filter(({ rule }) => rule === name);

    test.each(faulty)(`${name} finds “%s”`, async (text) => {
      expect(await faultsOf(text)).toHaveLength(1);
    });
    test.each(plain)(`${name} accepts “%s”`, async (text) => {
      expect(await faultsOf(text)).toEqual([]);
    });
  }
});
