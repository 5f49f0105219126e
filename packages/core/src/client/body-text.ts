import { createParser } from 'eventsource-parser';
import { boundedJson } from '../wire/bounded-json.ts';

/**
 * The events of a stream on a platform whose `Response` has no `body`, as React Native's has none (react-native 37505):
 * its text is there once the stream is over, and so they come all at once.
 */
export async function* readTextStream(answer: Response): AsyncIterable<readonly unknown[]> {
  const batch: unknown[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      try {
        batch.push(boundedJson(data));
      } catch {
        // Not an event of the API: nothing depends on it (I10).
      }
    },
  });
  // The parser keeps an event back until its blank line, which some servers leave out at the end.
  parser.feed(`${await answer.text()}\n\n`);
  yield batch;
}
