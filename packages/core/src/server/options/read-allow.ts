import { mustBeOptions } from '../../errors/must-be.ts';
import { isJsonObject } from '../../wire/json.ts';
import { checkNumber } from './check-number.ts';
import type { HostedToolParameters, ProxyAllow } from './proxy-options.ts';
import { proxyOwner, wrongOption } from './wrong-option.ts';

/** The checked `allow`, with all defaults. */
export interface AllowConfig<P> {
  readonly models: readonly string[];
  readonly hostedTools: ReadonlyMap<string, HostedToolParameters<P>>;
  readonly include: readonly string[];
  readonly inputItems: readonly string[];
  readonly fields: readonly string[];
  readonly maxBodyBytes: number;
  readonly maxOutputTokens: number | undefined;
  readonly maxToolCalls: number | undefined;
}

/**
 * Values that concern only the client's own content. Results of file search and the code interpreter would show the
 * site's files.
 */
const defaultInclude: readonly string[] = [
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
  'message.input_image.image_url',
  'web_search_call.results',
  'web_search_call.action.sources',
];

const defaultBodyBytes = 4 * 2 ** 20;

function readNames(option: string, names: unknown): readonly string[] {
  if (Array.isArray(names) && names.every((name) => typeof name === 'string' && name !== '')) return names;
  throw wrongOption(proxyOwner, option, 'has to be a list of names.');
}

function checkHostedTool(name: string, tool: unknown): void {
  const option = `allow.hostedTools.${name}`;
  if (typeof tool !== 'function' && !isJsonObject(tool)) {
    throw wrongOption(
      proxyOwner,
      option,
      'has to be an object of parameters, or a function that returns one.',
    );
  }
  if (name === 'mcp' || name === 'mcp:')
    throw wrongOption(proxyOwner, option, 'needs the label of its server: `mcp:<server_label>`.');
  if (name === 'function' || name === 'custom')
    throw wrongOption(
      proxyOwner,
      option,
      'is not a hosted tool: functions and custom tools belong to the clients.',
    );
  if (!/^\w+$/.test(name) && !name.startsWith('mcp:'))
    throw wrongOption(
      proxyOwner,
      option,
      'is not a type of a tool. Use a type such as `web_search`, or `mcp:<server_label>`.',
    );
  if (name === 'namespace' && (typeof tool === 'function' || Object.keys(tool).length > 0))
    throw wrongOption(proxyOwner, option, 'takes no parameters: a namespace groups the clients’ functions.');
}

function readHostedTools<P>(
  tools: NonNullable<ProxyAllow<P>['hostedTools']>,
): ReadonlyMap<string, HostedToolParameters<P>> {
  const isList = (value: unknown): value is readonly string[] => Array.isArray(value);
  const entries: [string, HostedToolParameters<P>][] = isList(tools)
    ? readNames('allow.hostedTools', tools).map((name) => [name, {}])
    : Object.entries(tools);
  for (const [name, tool] of entries) checkHostedTool(name, tool);
  return new Map(entries);
}

export function readAllow<P>(allow: ProxyAllow<P>): AllowConfig<P> {
  if (!isJsonObject(allow))
    throw wrongOption(proxyOwner, 'allow', 'is required: it names the models that clients may use.');
  mustBeOptions(
    allow,
    proxyOwner,
    {
      models: 'any',
      hostedTools: 'any',
      include: 'any',
      inputItems: 'any',
      fields: 'any',
      maxBodyBytes: 'any',
      maxOutputTokens: 'any',
      maxToolCalls: 'any',
    },
    'allow',
  );
  const { hostedTools, include, inputItems, fields, maxBodyBytes, maxOutputTokens, maxToolCalls } = allow;
  const models = readNames('allow.models', allow.models);
  if (models.length === 0)
    throw wrongOption(proxyOwner, 'allow.models', 'is empty, so the proxy would refuse every create.');
  for (const [name, value] of Object.entries({ maxBodyBytes, maxOutputTokens, maxToolCalls })) {
    if (value !== undefined) checkNumber(proxyOwner, `allow.${name}`, value);
  }
  return {
    models,
    hostedTools: readHostedTools(hostedTools ?? {}),
    include: readNames('allow.include', include ?? defaultInclude),
    inputItems: readNames('allow.inputItems', inputItems ?? []),
    fields: readNames('allow.fields', fields ?? []),
    maxBodyBytes: maxBodyBytes ?? defaultBodyBytes,
    maxOutputTokens,
    maxToolCalls,
  };
}
