import { extname } from 'node:path';
import { TextlintKernel } from '@textlint/kernel';
import { textlintRule } from './rule.ts';
import { style } from './style.ts';
import { prosePlugin } from './text/prose-plugin.ts';

/** A place in a file at which the prose breaks a rule. */
export interface Finding {
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly message: string;
  readonly offset: number;
}

const kernel = new TextlintKernel();
const plugins = [{ pluginId: 'prose', plugin: prosePlugin }];
const rules = style.map((rule) => ({ ruleId: rule.name, rule: textlintRule(rule) }));

/** Lints the prose of one file, by the extension of its name. */
export async function lintProse(source: string, filePath: string): Promise<Finding[]> {
  const { messages } = await kernel.lintText(source, { filePath, ext: extname(filePath), plugins, rules });
  return messages.map(({ range: [offset], ruleId, message }) => {
    const before = source.slice(0, offset);
    return {
      line: before.split('\n').length,
      column: offset - before.lastIndexOf('\n'),
      rule: ruleId,
      message,
      offset,
    };
  });
}
