type Metadata = Readonly<Record<string, string>>;

interface WithMetadata {
  readonly metadata: Metadata;
  readonly untrusted?: Metadata;
}

const none: Metadata = Object.freeze({});

/**
 * A view, a summary or an event with the metadata that a page may see: the metadata that a visitor has sent. The
 * server's own metadata is for its tools. Every answer that contains metadata uses this function.
 */
export function withShownMetadata<Shown extends WithMetadata>(
  value: Shown,
): Omit<Shown, 'metadata' | 'untrusted'> & { readonly metadata: Metadata } {
  const { untrusted = none, metadata: _metadata, ...shown } = value;
  return { ...shown, metadata: untrusted };
}
