import type { StandardSchemaV1 } from '@standard-schema/spec';
import { cut } from '../wire/cut.ts';

/** Limits of the message, because it is sent to the model and quotes what a model wrote. */
const maxIssues = 10;
const maxLength = 2000;

/** Lists the issues with their paths, one per line. The length is bounded. */
export function invalidMessage(intro: string, issues: readonly StandardSchemaV1.Issue[]): string {
  const lines = issues.slice(0, maxIssues).map(({ path = [], message }) => `- ${pathOf(path)}${message}`);
  if (issues.length > maxIssues) lines.push(`- and ${issues.length - maxIssues} more`);
  return cut([intro, ...lines].join('\n'), maxLength);
}

/** The message of an error that a validator or a parser threw. */
export function messageOf(error: unknown): string {
  const message = (error as { readonly message?: unknown } | null | undefined)?.message ?? error;
  return typeof message === 'string' ? message : 'refused';
}

function pathOf(path: NonNullable<StandardSchemaV1.Issue['path']>): string {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
  return keys.length === 0 ? '' : `${keys.map(String).join('.')}: `;
}
