import { ConfigurationError } from '../errors/configuration-error.ts';

/**
 * The owner and option of a schema, for messages: the `parameters` of a tool, or the `output` of an agent or a tool.
 */
export interface SchemaSubject {
  readonly name: string;
  readonly option: 'parameters' | 'output';
  /** The kind of owner of an `output`. @default 'agent' */
  readonly of?: 'agent' | 'tool';
}

/** Throws the `ConfigurationError` for a schema that cannot be used. */
export function refuseSchema(subject: SchemaSubject, why: string, cause?: unknown): never {
  const { name, option, of = option === 'output' ? 'agent' : 'tool' } = subject;
  throw new ConfigurationError(`${of} ${JSON.stringify(name)}: \`${option}\` ${why}`, { option, cause });
}
