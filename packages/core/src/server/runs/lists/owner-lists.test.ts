import { expect, test } from 'vitest';
import { type Scenario, scenario } from '../../../../test-support/scenario.ts';
import { OwnerLists } from './owner-lists.ts';

/** A visitor's list, watched by a process that has not loaded the runs. */
async function watched(s: Scenario) {
  const runner = s.reboot();
  const lists = new OwnerLists(runner, s.clock);
  let notices = 0;
  lists.watch('ann', () => (notices += 1));
  await s.quiet();
  return { runner, notices: () => notices };
}

const script = (): { readonly text: string } => ({ text: 'Done.' });

test('a page that reads the turns of a long conversation changes no list, so no page reads its lists again', async () => {
  const s = scenario({ script });
  const turns = [];
  // A query lists fewer runs than these.
  for (let turn = 0; turn < 120; turn += 1) {
    const run = s.start('Hi', { owner: 'ann', threadId: 'long', continueFrom: turns.at(-1) });
    await s.settle(run.done());
    turns.push(run.id);
  }
  const { runner, notices } = await watched(s);
  for (const runId of turns) {
    await s.settle(runner.follow(runId));
    runner.unfollow(runId);
  }
  await s.quiet();
  expect(notices()).toBe(0);
});

test('a run that another process has started and finished is noticed by the next poll, even if it was read before', async () => {
  const s = scenario({ script });
  const { runner, notices } = await watched(s);
  const run = s.start('Hi', { owner: 'ann' });
  await s.settle(run.done());
  const before = notices();
  await s.settle(runner.follow(run.id));
  await s.clock.advance(15_000);
  expect(notices()).toBeGreaterThan(before);
});

test('a run that a page follows is noticed when it ends', async () => {
  const s = scenario({ script });
  const { runner, notices } = await watched(s);
  const run = s.start('Hi', { owner: 'ann' });
  await s.settle(run.saved());
  await s.settle(runner.follow(run.id));
  await s.quiet();
  const before = notices();
  await s.settle(run.done());
  await s.quiet();
  expect(notices()).toBeGreaterThan(before);
});
