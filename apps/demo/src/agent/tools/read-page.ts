import { tool } from '@longhaul/core';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';

const mostCharacters = 4_000;

function visible(element: Element): boolean {
  return element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false });
}

function nameOf(element: Element): string {
  return (element.getAttribute('aria-label') ?? element.textContent ?? '').replace(/\s+/g, ' ').trim();
}

function select(selector: string): Element[] {
  return [...document.querySelectorAll(selector)].filter(visible);
}

const readers = {
  outline: () =>
    select('h1, h2, h3, h4')
      .map((heading) => `${'#'.repeat(Number(heading.tagName.slice(1)))} ${nameOf(heading)}`)
      .join('\n'),
  controls: () =>
    select('button, a[href], input, textarea, select, [role="tab"]')
      .map((control) => {
        const label =
          control.closest('label') ??
          (control.id === '' ? null : document.querySelector(`label[for="${CSS.escape(control.id)}"]`));
        const name = label === null ? nameOf(control) : nameOf(label);
        return `${control.getAttribute('role') ?? control.tagName.toLowerCase()}: ${name || '(no name)'}`;
      })
      .join('\n'),
  text: () => document.body.innerText.replace(/\n{2,}/g, '\n'),
} as const satisfies Record<string, () => string>;

export const readPageDefinition = {
  name: 'read_page',
  description:
    'Reads the page the person is looking at: `outline` returns its headings, `controls` its interactive elements with their accessible names, `text` its text.',
  parameters: toStandardJsonSchema(v.object({ part: v.picklist(['outline', 'controls', 'text']) })),
  idempotent: true,
} as const;

export interface PageText {
  readonly part: keyof typeof readers;
  readonly title: string;
  readonly text: string;
  /** The length of the whole text. */
  readonly characters: number;
}

/** Reads the page that shows the run. */
export const readPage = tool({
  ...readPageDefinition,
  execute: ({ part }): PageText => {
    const text = readers[part]();
    return { part, title: document.title, text: text.slice(0, mostCharacters), characters: text.length };
  },
});
