import type { WorldOptions } from './model.ts';

/** The options of worlds to explore, by the name of the scenario. */
export type Scenarios = Readonly<Record<string, WorldOptions>>;

/**
 * The exploration of all these worlds takes seconds. In each world one process starts the run, except with `imports`.
 * Users may resume it.
 */
export const scenarios: Scenarios = {
  'decisions in two processes': { processes: 2, budget: { resumes: 1, decides: 2 } },
  'a run that waits twice': { processes: 2, waits: 2, budget: { resumes: 1, decides: 1 } },
  'crashes, a decision and live text': {
    processes: 2,
    live: true,
    budget: { resumes: 1, decides: 1, crashes: 1 },
  },
  'crashes and cancels': { processes: 2, budget: { resumes: 1, cancels: 1, crashes: 2 } },
  'a claim that expires although its process still runs': {
    processes: 2,
    live: true,
    budget: { resumes: 1, pauses: 1, detaches: 1 },
  },
  'a claim of one process that expires twice': {
    processes: 1,
    budget: { resumes: 1, decides: 1, pauses: 2 },
  },
  'detached handles that are resumed': { processes: 2, budget: { resumes: 2, detaches: 2 } },
  'a decision and a detach': { processes: 2, budget: { resumes: 1, decides: 1, detaches: 1 } },
  'a store that fails': { processes: 2, budget: { resumes: 1, decides: 1, failures: 1 } },
  'two starts of one id': { processes: 2, budget: { starts: 1, resumes: 1, cancels: 1, crashes: 1 } },
  'a run that is deleted': { processes: 2, budget: { resumes: 2, deletes: 1 } },
  'a run that is deleted, and a new one with its id': {
    processes: 2,
    budget: { decides: 1, cancels: 1, deletes: 1, starts: 1 },
  },
  'imports of one snapshot': { processes: 2, imports: true, budget: { resumes: 2, crashes: 1 } },
  'loops that stop for the user, and every way to resume': {
    processes: 2,
    flags: true,
    budget: { resumes: 2, halts: 1, detaches: 1 },
  },
  'a store that cannot say what has changed': {
    processes: 2,
    hints: true,
    budget: { resumes: 1, decides: 1, crashes: 1 },
  },
  'a store that notifies of releases': {
    processes: 2,
    notifies: true,
    budget: { resumes: 1, decides: 1 },
  },
  'a slow store': { processes: 2, slow: true, budget: { resumes: 1, crashes: 1, detaches: 1 } },
  'a run that one process drives and another only shows, and a crash': {
    processes: 2,
    adopts: true,
    live: true,
    budget: { follows: 1, decides: 1, crashes: 1 },
  },
  'a run that is only shown, and then resumed or detached': {
    processes: 2,
    adopts: true,
    budget: { follows: 1, resumes: 1, detaches: 1 },
  },
  'a run that is only shown, and deleted': {
    processes: 2,
    adopts: true,
    budget: { follows: 2, deletes: 1, starts: 1, crashes: 1 },
  },
  'contexts that fail': { processes: 2, contexts: true, budget: { resumes: 1, failures: 1 } },
  'contexts, and a run that waits': {
    processes: 2,
    contexts: true,
    budget: { decides: 1, cancels: 1, detaches: 1 },
  },
  'contexts, and a decision in the other process': {
    processes: 2,
    contexts: true,
    budget: { resumes: 1, decides: 1, failures: 1 },
  },
  'a run whose context is not provided, and a cancel': {
    processes: 2,
    adopts: true,
    contexts: true,
    hangs: true,
    budget: { follows: 1, cancels: 1, crashes: 1, contexts: 1 },
  },
  'contexts without claims': {
    processes: 1,
    shared: false,
    contexts: true,
    waits: 2,
    budget: { decides: 2, cancels: 1, failures: 1 },
  },
  'a run of a queue that waits for times and a person': {
    processes: 3,
    queue: true,
    timers: 2,
    budget: { decides: 1 },
  },
  'messages of a run that is being parked': {
    processes: 2,
    queue: true,
    timers: 1,
    budget: { decides: 1, cancels: 1 },
  },
  'workers that die, and a decision': {
    processes: 3,
    queue: true,
    timers: 1,
    budget: { decides: 1, crashes: 1 },
  },
  'a worker that is suspended while it drives a run': {
    processes: 3,
    queue: true,
    timers: 1,
    budget: { pauses: 1, decides: 1 },
  },
  'a worker that is closed, and a store that fails': {
    processes: 3,
    queue: true,
    timers: 1,
    budget: { detaches: 1, failures: 1 },
  },
  'a queue that is lost': { processes: 3, queue: true, timers: 1, budget: { losses: 1, decides: 1 } },
  'workers with contexts': { processes: 2, queue: true, contexts: true, budget: { decides: 1, failures: 1 } },
  'a store without claims': {
    processes: 1,
    shared: false,
    budget: { resumes: 1, decides: 2, cancels: 1, detaches: 1, halts: 1, failures: 1 },
  },
};

/** The exploration of all these worlds takes minutes, and some gigabytes of memory. */
export const deepScenarios: Scenarios = {
  'a run that is only shown, and then resumed or detached, with a decision': {
    processes: 2,
    adopts: true,
    budget: { follows: 1, resumes: 1, detaches: 1, decides: 1 },
  },
  'workers that are suspended, live text and a cancel': {
    processes: 3,
    queue: true,
    timers: 1,
    live: true,
    budget: { pauses: 1, decides: 1, cancels: 1 },
  },
  'workers that die, a lost queue, decisions and a failing store': {
    processes: 3,
    queue: true,
    timers: 2,
    waits: 2,
    budget: { crashes: 1, losses: 1, decides: 2, failures: 1 },
  },
  'decisions, cancels, crashes and live text': {
    processes: 2,
    live: true,
    budget: { resumes: 1, decides: 1, cancels: 1, detaches: 1, crashes: 1 },
  },
  'contexts that fail, decisions, cancels and detaches': {
    processes: 2,
    contexts: true,
    budget: { resumes: 1, decides: 1, cancels: 1, detaches: 1, failures: 1 },
  },
  'runs of three processes whose contexts are not provided, and cancels': {
    processes: 3,
    adopts: true,
    contexts: true,
    hangs: true,
    budget: { follows: 1, cancels: 1, crashes: 1, contexts: 1 },
  },
  'runs that are shown and adopted by three processes': {
    processes: 3,
    adopts: true,
    budget: { follows: 1, decides: 1, crashes: 1 },
  },
  'a run that is cancelled and deleted': { processes: 2, budget: { resumes: 2, cancels: 1, deletes: 1 } },
  'decisions, crashes and restarts': { processes: 2, budget: { resumes: 2, decides: 2, crashes: 2 } },
  'decisions, and a claim that expires': { processes: 2, budget: { resumes: 1, decides: 1, pauses: 1 } },
  'a run that waits twice, and decisions': { processes: 2, waits: 2, budget: { resumes: 1, decides: 2 } },
  'claims that expire, and live text': { processes: 2, live: true, budget: { resumes: 1, pauses: 2 } },
  'a failing store, a detach and live text': {
    processes: 2,
    live: true,
    budget: { resumes: 1, decides: 1, detaches: 1, failures: 1 },
  },
  'notices of releases, and a claim that expires': {
    processes: 2,
    notifies: true,
    budget: { resumes: 1, decides: 1, pauses: 1 },
  },
  'three processes and notices of releases': {
    processes: 3,
    notifies: true,
    budget: { resumes: 2, decides: 1 },
  },
  'a slow store, and a decision': { processes: 2, slow: true, budget: { resumes: 1, decides: 1 } },
  'a slow store, and a claim that expires': { processes: 2, slow: true, budget: { resumes: 1, pauses: 1 } },
  'three processes and a decision': { processes: 3, budget: { resumes: 2, decides: 1 } },
  'three processes and a crash': { processes: 3, live: true, budget: { resumes: 2, crashes: 1 } },
  'three processes, and a claim that expires': { processes: 3, budget: { resumes: 2, pauses: 1 } },
  'three processes and a cancel': { processes: 3, budget: { resumes: 2, cancels: 1 } },
};
