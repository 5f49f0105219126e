import type { ReactElement } from 'react';

/** The logo: a line between two stations. */
export function Mark({ size }: { readonly size: number }): ReactElement {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" fill="none">
      <path
        d="M6 23h12a5.5 5.5 0 0 0 0-11h-4"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <circle cx="6.5" cy="23" r="4" fill="var(--brand)" />
      <circle cx="25" cy="12" r="3.6" stroke="currentColor" strokeWidth="2.6" />
      <path d="M18.5 12h2" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}
