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

export interface PageText {
  readonly part: keyof typeof readers;
  readonly title: string;
  readonly text: string;
  /** The length of the whole text. */
  readonly characters: number;
}

/** Returns a part of the page that shows the run. It loads with the first call. */
export function readPart(part: keyof typeof readers): PageText {
  const text = readers[part]();
  return { part, title: document.title, text: text.slice(0, mostCharacters), characters: text.length };
}
