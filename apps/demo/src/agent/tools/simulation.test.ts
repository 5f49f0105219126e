import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseWeather } from '../../data/weather-day.ts';
import { drawStretch, learnRain, type SimulationQuestion } from './simulation.ts';

const days = parseWeather(readFileSync(new URL('../../data/weather.csv', import.meta.url), 'utf8'));
const question: SimulationQuestion = { city: 'Seattle', month: 10, days: 14, minDryDays: 10 };

/** A random number generator with a fixed sequence. */
function steady(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test('the bundled data contains four years of two cities', () => {
  expect(days).toHaveLength(2 * 1_461);
  expect(days.every((day) => Number.isFinite(day.precipitation) && Number.isFinite(day.tempMax))).toBe(true);
});

test('a dry day is more likely after a dry day', () => {
  const chain = learnRain(days, question);
  expect(chain.pool).toBe(4 * 31);
  expect(chain.afterDry).toBeGreaterThan(chain.afterWet);
});

test('at least 0 dry days always occur, and 15 dry days in 14 never', () => {
  const chain = learnRain(days, question);
  const random = steady();
  const always = Array.from({ length: 200 }, () =>
    drawStretch(chain, { ...question, minDryDays: 0 }, random),
  );
  const never = Array.from({ length: 200 }, () =>
    drawStretch(chain, { ...question, minDryDays: 15 }, random),
  );
  expect(always.every(Boolean)).toBe(true);
  expect(never.some(Boolean)).toBe(false);
});
