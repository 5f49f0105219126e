import { expect, test } from 'vitest';
import { manualClock } from '../../testing/manual-clock.ts';
import { memoryStorage } from './memory-storage.ts';
import { createRunningCap } from './running-cap.ts';

const hour = 3_600_000;

test('limits the number of running responses per principal', async () => {
  const cap = createRunningCap(memoryStorage(), 2, hour);
  await cap.take('ann');
  await cap.take('ann');
  await expect(cap.take('ann')).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  await cap.take('bob');
});

test('concurrent creates get only as many places as the limit allows', async () => {
  const cap = createRunningCap(memoryStorage(), 3, hour);
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => cap.take('ann')));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
});

test('frees a place when its response is known to have ended, in any process', async () => {
  const storage = memoryStorage();
  const cap = createRunningCap(storage, 1, hour);
  await (await cap.take('ann')).assign('resp_1');
  await expect(cap.take('ann')).rejects.toThrow('Too many');
  await createRunningCap(storage, 1, hour).ended('resp_1');
  await cap.take('ann');
});

test('frees only one place if a response ends twice', async () => {
  const cap = createRunningCap(memoryStorage(), 1, hour);
  await (await cap.take('ann')).assign('resp_1');
  await cap.ended('resp_1');
  await (await cap.take('ann')).assign('resp_2');
  await cap.ended('resp_1');
  await expect(cap.take('ann')).rejects.toThrow('Too many');
});

test('a place that is not released expires', async () => {
  const clock = manualClock();
  const cap = createRunningCap(memoryStorage({ clock }), 1, hour);
  const lost = await cap.take('ann');
  await clock.advance(hour + 1);
  await cap.take('ann');
  // This call is too late: another response has the place.
  await lost.free();
  await expect(cap.take('ann')).rejects.toThrow('Too many');
});

test('keeps the place of a create with an unknown outcome for minutes only (attack: creates answered by 502)', async () => {
  const clock = manualClock();
  const cap = createRunningCap(memoryStorage({ clock }), 1, hour);
  await (await cap.take('ann')).doubt();
  await clock.advance(60_000);
  await expect(cap.take('ann')).rejects.toThrow('Too many');
  await clock.advance(4 * 60_000);
  await cap.take('ann');
});

test('a create keeps its place while it is renewed, and loses the place minutes after its process died', async () => {
  const clock = manualClock();
  const cap = createRunningCap(memoryStorage({ clock }), 1, hour);
  const place = await cap.take('ann');
  for (let minute = 0; minute < 90; minute += 1) {
    await clock.advance(60_000);
    await place.renew();
  }
  await expect(cap.take('ann')).rejects.toThrow('Too many');
  await clock.advance(5 * 60_000);
  await cap.take('ann');
});

test('a response that is not found yet keeps its place for minutes, and for the full time once it is found (attack: early 404)', async () => {
  const clock = manualClock();
  const cap = createRunningCap(memoryStorage({ clock }), 2, hour);
  await (await cap.take('ann')).assign('resp_lost');
  await (await cap.take('ann')).assign('resp_late');
  await cap.missing('resp_lost');
  await cap.missing('resp_late');
  await expect(cap.take('ann')).rejects.toThrow('Too many');
  await cap.alive('resp_late');
  // Repeated polls do not prolong the place of a response that is never found.
  for (let minute = 0; minute < 5; minute += 1) {
    await clock.advance(60_000);
    await cap.missing('resp_lost');
  }
  await cap.take('ann');
  await expect(cap.take('ann')).rejects.toThrow('Too many');
  await cap.ended('resp_late');
  await cap.take('ann');
});

test('a response that is found after its place was reassigned takes no other place', async () => {
  const clock = manualClock();
  const cap = createRunningCap(memoryStorage({ clock }), 1, hour);
  await (await cap.take('ann')).assign('resp_1');
  await cap.missing('resp_1');
  await clock.advance(5 * 60_000);
  const second = await cap.take('ann');
  await cap.alive('resp_1');
  await cap.ended('resp_1');
  await expect(cap.take('ann')).rejects.toThrow('Too many');
  await second.free();
  await cap.take('ann');
});

test('an unknown response frees no place', async () => {
  const cap = createRunningCap(memoryStorage(), 1, hour);
  await cap.take('ann');
  await cap.ended('resp_of_nobody');
  await expect(cap.take('ann')).rejects.toThrow('Too many');
});
