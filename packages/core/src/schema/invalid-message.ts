import type { StandardSchemaV1 } from '@standard-schema/spec';
import { cut } from '../wire/cut.ts';

/** The message goes into the model's context, and what it quotes came from a model. */
const maxIssues = 10;
const maxLength = 2000;

/** What is wrong at which path, one line each, bounded in length. */
export function invalidMessage(intro: string, issues: readonly StandardSchemaV1.Issue[]): string {
  const lines = issues.slice(0, maxIssues).map(({ path = [], message }) => `- ${pathOf(path)}${message}`);
  if (issues.length > maxIssues) lines.push(`- and ${issues.length - maxIssues} more`);
  return cut([intro, ...lines].join('\n'), maxLength);
}

/** What a validator or a parser threw. */
export function messageOf(error: unknown): string {
  const message = (error as { readonly message?: unknown } | null | undefined)?.message ?? error;
  return typeof message === 'string' ? message : 'refused';
}

function pathOf(path: NonNullable<StandardSchemaV1.Issue['path']>): string {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
  return keys.length === 0 ? '' : `${keys.map(String).join('.')}: `;
}
