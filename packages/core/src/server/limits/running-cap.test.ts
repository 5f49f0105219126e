import { expect, test } from 'vitest';
import { manualClock } from '../../testing/manual-clock.ts';
import { memoryStorage } from './memory-storage.ts';
import { createRunningCap } from './running-cap.ts';

const hour = 3_600_000;

test('so many responses run at once, each principal’s for themselves', async () => {
  const cap = createRunningCap(memoryStorage(), 2, hour);
  await cap.take('ann');
  await cap.take('ann');
  await expect(cap.take('ann')).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  await cap.take('bob');
});

test('of many that begin at once no more than that pass', async () => {
  const cap = createRunningCap(memoryStorage(), 3, hour);
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => cap.take('ann')));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
});

test('a place comes free when its response is seen to have ended, by whatever process', async () => {
  const storage = memoryStorage();
  const cap = createRunningCap(storage, 1, hour);
  await (await cap.take('ann')).assign('resp_1');
  await expect(cap.take('ann')).rejects.toThrow('at once');
  await createRunningCap(storage, 1, hour).ended('resp_1');
  await cap.take('ann');
});

test('a response that ended twice frees one place', async () => {
  const cap = createRunningCap(memoryStorage(), 1, hour);
  await (await cap.take('ann')).assign('resp_1');
  await cap.ended('resp_1');
  await (await cap.take('ann')).assign('resp_2');
  await cap.ended('resp_1');
  await expect(cap.take('ann')).rejects.toThrow('at once');
});

test('a place that nobody gives back expires', async () => {
  const clock = manualClock();
  const cap = createRunningCap(memoryStorage({ clock }), 1, hour);
  const lost = await cap.take('ann');
  await clock.advance(hour + 1);
  await cap.take('ann');
  // Too late: the place is another one's now.
  await lost.free();
  await expect(cap.take('ann')).rejects.toThrow('at once');
});

test('a place whose create has no known outcome is held for minutes only (attack: creates answered by 502)', async () => {
  const clock = manualClock();
  const cap = createRunningCap(memoryStorage({ clock }), 1, hour);
  await (await cap.take('ann')).doubt();
  await clock.advance(60_000);
  await expect(cap.take('ann')).rejects.toThrow('at once');
  await clock.advance(4 * 60_000);
  await cap.take('ann');
});

test('a create under way holds its place as long as it is renewed, and minutes after its process died', async () => {
  const clock = manualClock();
  const cap = createRunningCap(memoryStorage({ clock }), 1, hour);
  const place = await cap.take('ann');
  for (let minute = 0; minute < 90; minute += 1) {
    await clock.advance(60_000);
    await place.renew();
  }
  await expect(cap.take('ann')).rejects.toThrow('at once');
  await clock.advance(5 * 60_000);
  await cap.take('ann');
});

test('a response that is not found yet keeps its place for minutes, and longer once it is seen (attack: early 404)', async () => {
  const clock = manualClock();
  const cap = createRunningCap(memoryStorage({ clock }), 2, hour);
  await (await cap.take('ann')).assign('resp_lost');
  await (await cap.take('ann')).assign('resp_late');
  await cap.missing('resp_lost');
  await cap.missing('resp_late');
  await expect(cap.take('ann')).rejects.toThrow('at once');
  await cap.alive('resp_late');
  // Asking again and again does not keep the place of one that is never seen.
  for (let minute = 0; minute < 5; minute += 1) {
    await clock.advance(60_000);
    await cap.missing('resp_lost');
  }
  await cap.take('ann');
  await expect(cap.take('ann')).rejects.toThrow('at once');
  await cap.ended('resp_late');
  await cap.take('ann');
});

test('a response that is seen after its place was given away takes none from others', async () => {
  const clock = manualClock();
  const cap = createRunningCap(memoryStorage({ clock }), 1, hour);
  await (await cap.take('ann')).assign('resp_1');
  await cap.missing('resp_1');
  await clock.advance(5 * 60_000);
  const second = await cap.take('ann');
  await cap.alive('resp_1');
  await cap.ended('resp_1');
  await expect(cap.take('ann')).rejects.toThrow('at once');
  await second.free();
  await cap.take('ann');
});

test('an unknown response frees nothing', async () => {
  const cap = createRunningCap(memoryStorage(), 1, hour);
  await cap.take('ann');
  await cap.ended('resp_of_nobody');
  await expect(cap.take('ann')).rejects.toThrow('at once');
});
