import type { Connection } from '../runner/connection.ts';

/** The faults that the page can request from the server, by name. */
export const faultNames = [
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

export type FaultName = (typeof faultNames)[number];

export interface DemoFault {
  readonly name: FaultName;
  readonly title: string;
  /** The effect of the fault, and how the run recovers. */
  readonly text: string;
  /**
   * `now`: takes effect immediately. `next`: takes effect at the next matching request, and can be disarmed before.
   * `lasts`: stays active until it is turned off.
   */
  readonly when: 'now' | 'next' | 'lasts';
  /** The connection mode in which the fault has an effect. */
  readonly needs?: Connection;
}

export const demoFaults: readonly DemoFault[] = [
  {
    name: 'cut',
    title: 'Cut the connection',
    text: 'Breaks every open stream. The run reconnects from its cursor, and no text is lost or repeated.',
    when: 'now',
    needs: 'stream',
  },
  {
    name: 'expire',
    title: 'Expire the stream window',
    text: 'The server no longer streams existing responses, as after five minutes. The run polls instead, and keeps its text.',
    when: 'now',
    needs: 'stream',
  },
  {
    name: 'fail-poll',
    title: 'Fail the next two polls',
    text: 'HTTP 503. The run keeps the response id and polls again.',
    when: 'next',
    needs: 'poll',
  },
  {
    name: 'rate-limit',
    title: 'Answer the next create with 429',
    text: 'With Retry-After: 4. The run sends the same request again after four seconds.',
    when: 'next',
  },
  {
    name: 'fail-response',
    title: 'Fail the next response',
    text: 'It fails with server_error, over HTTP 200. The run creates another response for the iteration. Tools do not run again.',
    when: 'next',
  },
  {
    name: 'lose-create',
    title: 'Lose the next create',
    text: 'The job starts, but the answer with its id is lost. The run sends one more create and shows a warning.',
    when: 'next',
  },
  {
    name: 'hold-queue',
    title: 'Hold the queue',
    text: 'Queued responses do not start until this is turned off. The run waits.',
    when: 'lasts',
  },
  {
    name: 'azure',
    title: 'Lose the calls, as Azure does',
    text: 'Tool outputs that chain to a background response get a 400. The run replays the whole conversation with the recorded outputs.',
    when: 'lasts',
  },
  {
    name: 'kill',
    title: 'Kill the server',
    text: 'The server process is killed and restarts some seconds later, with its state loaded from a file.',
    when: 'now',
  },
];
