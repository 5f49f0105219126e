import { expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import {
  defineAgent,
  type fileInput,
  inputParts,
  tool,
  viewParts,
  type Part,
  type RunInput,
  type RunView,
  type RunViewOf,
  type ToolCallOf,
} from '../index.ts';

const search = tool({ name: 'search', parameters: z.object({ query: z.string() }), execute: () => [1] });
const ask = tool({ name: 'ask', parameters: z.object({ question: z.string() }) });
const agent = defineAgent({ name: 'a', model: 'm', tools: [search, ask] });
type Call = ToolCallOf<typeof agent>;

declare const view: RunViewOf<typeof agent>;

/** Renders a part as text. Every field has its type without a cast. */
function render(part: Part<Call>): string {
  switch (part.type) {
    case 'text':
      return part.text + part.annotations.map((one) => (one.type === 'url_citation' ? one.url : '')).join('');
    case 'reasoning':
    case 'refusal':
      return part.text;
    case 'tool': {
      const { call } = part;
      if (call.name === 'search') {
        expectTypeOf(call.arguments).toEqualTypeOf<{ query: string } | undefined>();
        expectTypeOf(call.output).toEqualTypeOf<readonly number[] | undefined>();
        return call.arguments?.query ?? '';
      }
      expectTypeOf(call.name).toEqualTypeOf<'ask'>();
      return call.arguments?.question ?? '';
    }
    case 'hosted_tool':
      return `${part.name} ${part.status} ${part.item.type}`;
    case 'image':
      return `${part.url} ${part.partial}`;
    case 'file':
      return part.filename ?? part.fileId ?? part.url ?? '';
    case 'input':
      return part.parts.map(render).join('');
    case 'error':
      return part.error.message;
    case 'other':
      return part.item.type;
  }
}

test('the parts of a view have the types of its calls', () => {
  expectTypeOf(viewParts(view)).toEqualTypeOf<readonly Part<Call>[]>();
  expectTypeOf(viewParts({} as RunView)).toEqualTypeOf<readonly Part[]>();
  const [part] = viewParts(view);
  if (part?.type === 'tool' && part.call.name === 'ask')
    expectTypeOf(part.call.arguments).toEqualTypeOf<{ question: string } | undefined>();
});

test('one function renders the parts of a view and of its input', () => {
  expectTypeOf(viewParts(view).map(render)).toEqualTypeOf<string[]>();
  expectTypeOf(inputParts(view.input).map(render)).toEqualTypeOf<string[]>();
  expectTypeOf(inputParts(view.input)).toExtend<readonly Part[]>();
});

test('a file is an input item, and its content can be a part of another message', () => {
  type Item = Awaited<ReturnType<typeof fileInput>>;
  expectTypeOf<Item[]>().toExtend<RunInput>();
  const join = (files: readonly Item[]): RunInput => [
    {
      role: 'user',
      content: [{ type: 'input_text', text: 'Hi' }, ...files.flatMap(({ content }) => content)],
    },
  ];
  expectTypeOf(join).returns.toEqualTypeOf<RunInput>();
});

test('the parts of an input that waits need no cast', () => {
  const ofWaiting = (input: RunInput): readonly Part[] => inputParts(input);
  expectTypeOf(ofWaiting).returns.toEqualTypeOf<readonly Part[]>();
});
