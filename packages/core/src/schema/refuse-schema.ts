import { ConfigurationError } from '../errors/configuration-error.ts';

/** Whose schema it is, for messages: the `parameters` of a tool, or the `output` of an agent. */
export interface SchemaSubject {
  readonly name: string;
  readonly option: 'parameters' | 'output';
}

/** Throws the `ConfigurationError` for a schema that cannot be used. */
export function refuseSchema(subject: SchemaSubject, why: string, cause?: unknown): never {
  const { name, option } = subject;
  const owner = option === 'output' ? 'agent' : 'tool';
  throw new ConfigurationError(`${owner} ${JSON.stringify(name)}: \`${option}\` ${why}`, { option, cause });
}
