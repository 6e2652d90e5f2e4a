/** One in so many slots is kept for locations that hold few: an eighth. */
const RESERVED_SHIFT = 3;

/**
 * The calls that the process makes at once, shared between locations and, within a location,
 * between lanes: whoever finds no slot waits for its turn, and turns go round the locations first,
 * then round the lanes of each. So a location with 10,000 webhooks has the same turn as one with
 * one webhook.
 *
 * Turns alone do not help while nothing ends: 10,000 webhooks that hang could hold every slot for
 * a whole timeout. An eighth of the slots is therefore kept for locations that hold few (an eighth
 * of that eighth at most). Nothing is reserved below eight slots.
 *
 * Webhooks of all locations (`null`) share like one location. A turn costs the same whatever
 * waits, and as much as there are locations over their share when only the reserve is left.
 */
export class Slots<Member> {
  readonly #max: number;
  readonly #open: number;
  readonly #few: number;
  #taken = 0;
  readonly #takenBy = new Map<number | null, number>();
  /** Who waits, by location. The order of both is the order of the turns. */
  readonly #waiting = new Map<number | null, Set<Member>>();

  /** `max`: at least 1. */
  constructor(max: number) {
    const reserved = max >> RESERVED_SHIFT;
    this.#max = max;
    this.#open = max - reserved;
    this.#few = Math.max(1, reserved >> RESERVED_SHIFT);
  }

  /** Takes a slot for a call of this location; false if there is none for it. */
  take(location: number | null): boolean {
    if (!this.#mayTake(location)) return false;
    this.#taken++;
    this.#takenBy.set(location, this.#heldBy(location) + 1);
    return true;
  }

  /** The call that took it is over. */
  free(location: number | null): void {
    this.#taken--;
    const held = this.#heldBy(location) - 1;
    if (held === 0) this.#takenBy.delete(location);
    else this.#takenBy.set(location, held);
  }

  /** Waits for a turn, behind those of its location; once, however often it is said. */
  wait(member: Member, location: number | null): void {
    const members = this.#waiting.get(location);
    if (members) members.add(member);
    else this.#waiting.set(location, new Set([member]));
  }

  get isContended(): boolean {
    return this.#waiting.size > 0;
  }

  /** Whose turn it is, if there is a slot for it; it does not wait any more. */
  next(): Member | undefined {
    for (const [location, members] of this.#waiting) {
      if (this.#taken >= this.#max) return undefined;
      if (!this.#mayTake(location)) continue;
      const [member] = members;
      members.delete(member!);
      this.#waiting.delete(location);
      if (members.size > 0) this.#waiting.set(location, members);
      return member;
    }
    return undefined;
  }

  #mayTake(location: number | null): boolean {
    if (this.#taken < this.#open) return true;
    return this.#taken < this.#max && this.#heldBy(location) < this.#few;
  }

  #heldBy(location: number | null): number {
    return this.#takenBy.get(location) ?? 0;
  }
}
