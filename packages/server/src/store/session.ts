/** This node's session: what it leases carries the number. */
export interface Session {
  readonly id: number;
  /** False while others may have taken over what it holds: nothing may be sent then. */
  readonly isHeld: boolean;
}
