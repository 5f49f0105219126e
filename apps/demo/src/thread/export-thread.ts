import type { Part, RunStatus } from '@longhaul/core';
import { formatRunStatus } from '@longhaul/react';

/** The exported data of a turn. */
export interface ExportedTurn {
  readonly runId: string;
  readonly status: RunStatus;
  readonly input: readonly Part[];
  readonly parts: readonly Part[];
}

export interface ExportedThread {
  readonly threadId: string;
  readonly title: string;
  readonly turns: readonly ExportedTurn[];
}

function fenced(language: string, value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'null');
  // The fence must be longer than any fence in the text.
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

function partMarkdown(part: Part): string {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text;
    case 'reasoning':
      return quoted(part.text);
    case 'tool': {
      const { name, status, arguments: args, rawArguments, output, error } = part.call;
      const call = `**Tool \`${name}\`** (${status.replaceAll('_', ' ')})\n\n${fenced('json', args ?? rawArguments)}`;
      const result = error?.message ?? output;
      return result === undefined ? call : `${call}\n\n${fenced('json', result)}`;
    }
    case 'hosted_tool':
      return `**Tool \`${part.name}\`** (${part.status.replaceAll('_', ' ')})`;
    case 'image':
      return part.url.startsWith('data:') ? '(an image)' : `![](${part.url})`;
    case 'file':
      return `(the file ${part.filename ?? part.fileId ?? 'without a name'})`;
    case 'input':
      return quoted(part.parts.map(partMarkdown).join('\n\n'));
    case 'error':
      return `**Error:** ${part.error.message}`;
    case 'other':
      return '';
  }
}

function turnMarkdown({ status, input, parts }: ExportedTurn): string {
  const end = status === 'completed' ? '' : `*${formatRunStatus(status)}*`;
  const answer = [...parts.map(partMarkdown), end].filter((text) => text !== '').join('\n\n');
  return `## You\n\n${input.map(partMarkdown).join('\n\n')}\n\n## Agent\n\n${answer}`;
}

/** The conversation as Markdown, with its tool calls. */
export function threadMarkdown({ title, turns }: ExportedThread): string {
  return `# ${title}\n\n${turns.map(turnMarkdown).join('\n\n')}\n`;
}

/** The conversation as JSON: the parts of each turn, as the page has them. */
export function threadJson(thread: ExportedThread): string {
  const { threadId, title } = thread;
  const turns = thread.turns.map(({ runId, status, input, parts }) => ({ runId, status, input, parts }));
  return `${JSON.stringify({ threadId, title, turns }, null, 2)}\n`;
}
