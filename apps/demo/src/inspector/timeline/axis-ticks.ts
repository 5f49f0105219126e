const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30]
  .map((n) => n * second)
  .concat(
    [1, 2, 5, 10, 15, 30].map((n) => n * minute),
    [1, 2, 6, 12, 24].map((n) => n * hour),
  );

/** A label is to the right of its tick. Beyond this share of the axis, it does not fit. */
const labelsUntil = 0.88;

export interface AxisTick {
  /** Milliseconds from the start. */
  readonly at: number;
  /** Empty if the label would not fit. */
  readonly label: string;
}

function labelOf(ms: number): string {
  if (ms < minute) return `${Math.round(ms / 100) / 10} s`;
  if (ms < hour) {
    const rest = Math.round((ms % minute) / second);
    return `${Math.floor(ms / minute)}:${String(rest).padStart(2, '0')}`;
  }
  return `${Math.round((ms / hour) * 10) / 10} h`;
}

/** Returns round times along an axis of this length: the first, and at most `most` others. */
export function axisTicks(lengthMs: number, most: number): AxisTick[] {
  const step =
    steps.find((candidate) => lengthMs / candidate <= most) ?? Math.ceil(lengthMs / most / hour) * hour;
  const ticks: AxisTick[] = [];
  for (let at = 0; at <= lengthMs; at += step)
    ticks.push({ at, label: at > lengthMs * labelsUntil ? '' : labelOf(at) });
  return ticks;
}
