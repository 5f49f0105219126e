import type { WeatherDay } from '../../data/weather-day.ts';

export interface SimulationQuestion {
  readonly city: 'Seattle' | 'New York';
  /** 1 to 12. */
  readonly month: number;
  readonly days: number;
  readonly minDryDays: number;
}

export interface SimulationProgress {
  /** 0 to 1. */
  readonly fraction: number;
  readonly samples: number;
  readonly estimate: number;
}

export interface SimulationResult {
  /** 0 to 1. */
  readonly probability: number;
  /** Half the width of the 95 % interval. */
  readonly margin: number;
  readonly samples: number;
  /** The number of days in the data set that the chances are based on. */
  readonly pool: number;
}

/** The chances that a day is dry after a dry day and after a wet day, and that the first day is dry. */
interface RainChain {
  readonly first: number;
  readonly afterDry: number;
  readonly afterWet: number;
  readonly pool: number;
}

function share(days: readonly boolean[], otherwise: number): number {
  return days.length === 0 ? otherwise : days.filter(Boolean).length / days.length;
}

/** Wet days come in groups, so each day depends on the day before it (a two-state Markov chain). */
export function learnRain(days: readonly WeatherDay[], { city, month }: SimulationQuestion): RainChain {
  const pool = days.filter((day) => day.location === city && Number(day.date.slice(5, 7)) === month);
  const dry = pool.map((day) => day.precipitation === 0);
  const first = share(dry, 0.5);
  const followers = (state: boolean): boolean[] =>
    dry.filter((_, index) => index > 0 && pool[index]?.date.slice(8) !== '01' && dry[index - 1] === state);
  return {
    first,
    afterDry: share(followers(true), first),
    afterWet: share(followers(false), first),
    pool: pool.length,
  };
}

/** Simulates one sequence of days, and returns whether enough of them are dry. */
export function drawStretch(
  chain: RainChain,
  { days, minDryDays }: SimulationQuestion,
  random: () => number,
): boolean {
  let dryDays = 0;
  let chance = chain.first;
  for (let day = 0; day < days; day += 1) {
    const dry = random() < chance;
    if (dry) dryDays += 1;
    chance = dry ? chain.afterDry : chain.afterWet;
  }
  return dryDays >= minDryDays;
}
