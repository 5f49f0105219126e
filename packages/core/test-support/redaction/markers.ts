import * as z from 'zod';
import type { AgentTool } from '../../src/agent/collect-tools.ts';
import { customTool } from '../../src/agent/custom-tool.ts';
import { tool } from '../../src/agent/tool.ts';

/** Texts that no page may see, by the place that contains them. */
export const markers = {
  instructions: 'marker-instructions',
  description: 'marker-description',
  schema: 'marker-schema',
  metadata: 'marker-metadata',
  privateArguments: 'marker-private-arguments',
  privateOutput: 'marker-private-output',
  privateProgress: 'marker-private-progress',
  privateError: 'marker-private-error',
  toolError: 'marker-tool-error',
  apiError: 'marker-api-error',
  listedTool: 'marker-listed-tool',
  foundTool: 'marker-found-tool',
  mcpError: 'marker-mcp-error',
  attributes: 'marker-attributes',
  container: 'marker-container',
  program: 'marker-program',
  encrypted: 'marker-encrypted',
  unknownItem: 'marker-unknown-item',
  unknownField: 'marker-unknown-field',
  cancelReason: 'marker-cancel-reason',
  developerInput: 'marker-developer-input',
} as const;

const parameters = z.object({ text: z.string().describe(markers.schema) });
const description = markers.description;

/** A public and a private tool of each kind: one that works, that fails, that asks a person, and that a page answers. */
export const markedTools: readonly AgentTool[] = [
  tool({
    ...{ name: 'open', description, parameters },
    execute: ({ text }, { progress }) => {
      progress({ seen: text });
      return { said: text };
    },
  }),
  tool({
    ...{ name: 'fails', description, parameters },
    execute: () => {
      throw new Error(markers.toolError);
    },
  }),
  tool({ name: 'asks', description, parameters, needsApproval: true, execute: () => 'done' }),
  tool({ name: 'page', description, parameters }),
  tool({
    ...{ name: 'closed', description, parameters, private: true },
    execute: (_args, { progress }) => {
      progress({ at: markers.privateProgress });
      return { found: markers.privateOutput };
    },
  }),
  tool({
    ...{ name: 'closed_fails', description, parameters, private: true },
    execute: () => {
      throw new Error(markers.privateError);
    },
  }),
  tool({
    ...{ name: 'closed_asks', description, parameters, private: true, needsApproval: true },
    approvalView: () => ({ pays: 'EUR 5' }),
    execute: () => markers.privateOutput,
  }),
  tool({
    ...{ name: 'closed_rules', description, parameters, private: true, approvalView: () => 1 },
    needsApproval: () => Promise.reject(new Error(markers.privateError)),
  }),
  customTool({ name: 'closed_text', description, private: true, execute: () => markers.privateOutput }),
];

/** Texts of errors, which a page sees if its server shows errors. */
export const errorMarkers: ReadonlySet<string> = new Set([
  markers.toolError,
  markers.apiError,
  markers.mcpError,
  markers.cancelReason,
  // The error of arguments that the schema refuses.
  markers.schema,
]);
