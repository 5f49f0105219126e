/** Loaded before everything else in a machine: its wall clock differs from the others' by `LONGHAUL_CLOCK_OFFSET` ms. */
import process from 'node:process';

const offset = Number(process.env['LONGHAUL_CLOCK_OFFSET'] ?? 0);
const RealDate = Date;

const ShiftedDate = new Proxy(RealDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [RealDate.now() + offset] : given, newTarget),
  get: (target, name, receiver) =>
    name === 'now' ? () => RealDate.now() + offset : Reflect.get(target, name, receiver),
});

Object.assign(globalThis, { Date: ShiftedDate });
