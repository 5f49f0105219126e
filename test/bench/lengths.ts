/** The time in milliseconds, by a clock that all processes of a machine share. */
export function wallTime(): number {
  return performance.timeOrigin + performance.now();
}

/** When a text reached its lengths: pairs of a length and a time, in order. */
export type Lengths = readonly (readonly [length: number, at: number])[];

/** When the text reached each multiple of `step`, up to `count` of them. */
export function timesOf(lengths: Lengths, step: number, count: number): readonly number[] {
  let next = 0;
  return Array.from({ length: count }, (_, index) => {
    while ((lengths[next]?.[0] ?? Number.POSITIVE_INFINITY) < (index + 1) * step) next += 1;
    return lengths[next]?.[1] ?? Number.NaN;
  });
}
