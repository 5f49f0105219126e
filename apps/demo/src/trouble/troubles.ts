import type { Connection } from '../runner/connection.ts';

/** Troubles that the server can be asked for; it knows them by these names. */
export const troubleNames = [
  'cut',
  'expire',
  'fail-poll',
  'rate-limit',
  'fail-response',
  'lose-create',
  'hold-queue',
  'azure',
  'kill',
] as const;

export type TroubleName = (typeof troubleNames)[number];

export interface Trouble {
  readonly name: TroubleName;
  readonly title: string;
  /** What it does, and what should happen then. */
  readonly text: string;
  /**
   * `now`: at once; `next`: waits for its occasion, and can be taken back until then; `lasts`: until it is switched
   * off.
   */
  readonly when: 'now' | 'next' | 'lasts';
  /** How answers must be waited for, for it to have an effect. */
  readonly needs?: Connection;
}

export const troubles: readonly Trouble[] = [
  {
    name: 'cut',
    title: 'Cut the connection',
    text: 'Every open stream breaks. It connects again from its cursor; no text twice, none lost.',
    when: 'now',
    needs: 'stream',
  },
  {
    name: 'expire',
    title: 'Expire the stream window',
    text: 'The server streams nothing older than now, as after five minutes. Polling takes over, and the text stays.',
    when: 'now',
    needs: 'stream',
  },
  {
    name: 'fail-poll',
    title: 'Fail the next two polls',
    text: 'HTTP 503. The response id is kept, and the poll repeated.',
    when: 'next',
    needs: 'poll',
  },
  {
    name: 'rate-limit',
    title: 'Answer the next create with 429',
    text: 'With Retry-After: 4. The same request goes out again when the server said so.',
    when: 'next',
  },
  {
    name: 'fail-response',
    title: 'Fail the next response',
    text: 'It ends as failed with server_error, over HTTP 200. The iteration is created again; no tool runs twice.',
    when: 'next',
  },
  {
    name: 'lose-create',
    title: 'Lose the next create',
    text: 'The job starts, but the answer with its id never arrives. One more create, and a warning that says so.',
    when: 'next',
  },
  {
    name: 'hold-queue',
    title: 'Hold the queue',
    text: 'Nothing that is queued begins until this is off. The run waits, however long that takes.',
    when: 'lasts',
  },
  {
    name: 'azure',
    title: 'Lose the calls, as Azure does',
    text: 'Outputs that chain to a background response get a 400. The conversation is replayed in full; recorded outputs are sent again.',
    when: 'lasts',
  },
  {
    name: 'kill',
    title: 'Kill the server',
    text: 'Its process dies and is started again some seconds later, with its world from a file.',
    when: 'now',
  },
];
