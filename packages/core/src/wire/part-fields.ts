import type { ContentPart } from './items.ts';

/** Fields of a content part in addition to `type`, as in `openai`'s types. */
export interface PartFields {
  /** Fields that must be a string. */
  readonly texts: readonly string[];
  /** Fields with the content. One of them is required. */
  readonly sources: readonly string[];
  readonly optional: readonly string[];
}

const cached = ['prompt_cache_breakpoint'];

/** The parts of user messages, instructions and tool outputs. */
export const inputPartFields: { readonly [type in ContentPart['type']]: PartFields } = {
  input_text: { texts: ['text'], sources: [], optional: cached },
  input_image: { texts: [], sources: ['file_id', 'image_url'], optional: ['detail', ...cached] },
  input_file: {
    texts: [],
    sources: ['file_data', 'file_id', 'file_url'],
    optional: ['detail', 'filename', ...cached],
  },
};
