import type { OwnershipCommand } from './ownership-command.ts';
import type { Ask, CallType, Ownership, Stale } from './ownership.ts';

/** Collects one transition: the ownership so far, and its commands. */
export class OwnershipStep {
  state: Ownership;
  readonly commands: OwnershipCommand[] = [];

  constructor(state: Ownership) {
    this.state = state;
  }

  set(patch: Partial<Ownership>): void {
    this.state = { ...this.state, ...patch };
  }

  mark(patch: Partial<Stale>): void {
    this.set({ stale: { ...this.state.stale, ...patch } });
  }

  perform(command: OwnershipCommand): void {
    this.commands.push(command);
  }

  /** Starts a call. The answer to a call that is still pending will be ignored. */
  call(type: CallType, ask?: number): void {
    const id = this.state.calls + 1;
    const named = ask === undefined ? {} : { ask };
    this.set({ calls: id, call: { id, type, ...named } });
    this.perform({ type, call: id, ...named });
  }

  /** The first request that was not sent yet. */
  unsent(): Ask | undefined {
    return this.state.asks.find(({ sent }) => sent === 'no');
  }

  has(ask: number): boolean {
    return this.state.asks.some(({ id }) => id === ask);
  }

  setSent(ask: number, sent: Ask['sent']): void {
    this.set({ asks: this.state.asks.map((one) => (one.id === ask ? { ...one, sent } : one)) });
  }

  forget(ask: number): void {
    this.set({ asks: this.state.asks.filter(({ id }) => id !== ask) });
  }

  answer(ask: number): void {
    this.forget(ask);
    this.perform({ type: 'answer', ask });
  }

  refuse(ask: number): void {
    this.forget(ask);
    this.perform({ type: 'refuse', ask });
  }

  release(): void {
    if (this.state.claimed) this.perform({ type: 'release' });
    this.set({ claimed: false });
  }
}
