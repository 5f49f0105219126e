import type { ExportedMessageRepository, MessageStatus, ThreadMessage } from '@assistant-ui/react';
import type { Part } from '@longhaul/core';
import type { ThreadTurn } from '../thread/tree/thread-turn.ts';
import { hiddenAnswer, questionId, turnMessages } from './turn-messages.ts';
import { userMessage } from './user-message.ts';

/** The known inputs of the versions of turns that are not shown, by run. */
export type VersionInputs = ReadonlyMap<string, readonly Part<never>[]>;

export interface ThreadRepository {
  readonly repository: ExportedMessageRepository;
  /** The shown turn of each message. */
  readonly turnOf: ReadonlyMap<string, ThreadTurn>;
  /** The ids of the messages that represent a version that is not shown. Each is the id of its run. */
  readonly hidden: ReadonlySet<string>;
}

interface Version {
  readonly runId: string;
  /** The id of the message with the question. */
  readonly question: string;
  readonly input: readonly Part<never>[];
}

type Entry = ExportedMessageRepository['messages'][number];

/**
 * The versions of a turn. Versions with the same question are answers to one message, as after a reload in assistant-ui.
 * The others are questions of their own, as after an edit. A version whose input is not known is one of them.
 */
function versionsOf(
  { runId: shown, siblings, input: asked }: ThreadTurn,
  inputs: VersionInputs,
): readonly Version[] {
  if (siblings.length === 1) return [{ runId: shown, question: questionId(shown), input: asked }];
  const questions = new Map<string, string>();
  return siblings.map((runId) => {
    const input = runId === shown ? asked : inputs.get(runId);
    const text = input === undefined ? runId : JSON.stringify(input);
    const question = questions.get(text) ?? questionId(runId);
    questions.set(text, question);
    return { runId, question, input: input ?? [] };
  });
}

/**
 * The messages of the shown turns with their other versions, as assistant-ui's branches. The branches of a message have
 * the order of the turn's versions.
 */
export function threadRepository(turns: readonly ThreadTurn[], inputs: VersionInputs): ThreadRepository {
  const messages: Entry[] = [];
  const turnOf = new Map<string, ThreadTurn>();
  const hidden = new Set<string>();
  let headId: string | null = null;
  for (const turn of turns) {
    const before: string | null = headId;
    const { createdAt } = turn.run;
    const entries = new Map<string, Entry>();
    const add = (path: readonly ThreadMessage[], isShown: boolean): void => {
      let parentId: string | null = before;
      for (const message of path) {
        if (isShown || !entries.has(message.id)) entries.set(message.id, { parentId, message });
        parentId = message.id;
      }
    };
    for (const { runId, question, input } of versionsOf(turn, inputs)) {
      const isShown = runId === turn.runId;
      const path = isShown
        ? turnMessages(turn, question)
        : [userMessage(question, input, createdAt), hiddenAnswer(runId, createdAt)];
      add(path, isShown);
      if (!isShown) hidden.add(runId);
      else for (const { id } of path) turnOf.set(id, turn);
      if (isShown) headId = path.at(-1)?.id ?? before;
    }
    messages.push(...entries.values());
  }
  return { repository: { headId, messages }, turnOf, hidden };
}

/** The run of the version that a path of messages selects. Undefined for the path that is shown. */
export function selectedRun(
  path: readonly ThreadMessage[],
  { hidden }: ThreadRepository,
): string | undefined {
  return path.find(({ id }) => hidden.has(id))?.id;
}

/** The same messages, with this error as the status of the last one. */
export function withError(shown: ThreadRepository, error: string | undefined): ThreadRepository {
  const { repository } = shown;
  if (error === undefined) return shown;
  const messages = repository.messages.map((entry) => {
    const { message } = entry;
    if (message.id !== repository.headId || message.role !== 'assistant') return entry;
    const status: MessageStatus = { type: 'incomplete', reason: 'error', error };
    return { ...entry, message: { ...message, status } };
  });
  return { ...shown, repository: { ...repository, messages } };
}
