/** Who brought a change about, as the audit keeps it. */
export interface Who {
  readonly kind: 'key' | 'person' | 'system' | 'unknown';
  /** A key's or a person's id, `configured` for POSTHORN_API_KEY; else the kind again. */
  readonly id: string;
  /** As it was called then. */
  readonly name: string;
  /** Where the request came from; null: there was none. */
  readonly address: string | null;
}

/** The service itself. */
export const SYSTEM: Who = { kind: 'system', id: 'system', name: 'system', address: null };
