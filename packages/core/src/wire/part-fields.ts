import type { ContentPart } from './items.ts';

/** Fields of a content part besides `type`, as in `openai`'s types. */
export interface PartFields {
  /** Fields that must hold a string. */
  readonly texts: readonly string[];
  /** Fields of which one must be given: where the content is. */
  readonly sources: readonly string[];
  readonly optional: readonly string[];
}

const cached = ['prompt_cache_breakpoint'];

/** The parts of users, of instructions, and of what tools give back. */
export const inputPartFields: { readonly [type in ContentPart['type']]: PartFields } = {
  input_text: { texts: ['text'], sources: [], optional: cached },
  input_image: { texts: [], sources: ['file_id', 'image_url'], optional: ['detail', ...cached] },
  input_file: {
    texts: [],
    sources: ['file_data', 'file_id', 'file_url'],
    optional: ['detail', 'filename', ...cached],
  },
};
