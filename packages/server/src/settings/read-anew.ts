/**
 * Reads what is kept in memory of the settings, and again if something was changed here meanwhile:
 * an answer from before a change would undo it until the next look. `changes` counts them.
 */
export async function readAnew<T>(read: () => Promise<T>, changes: () => number): Promise<T> {
  for (;;) {
    const before = changes();
    const found = await read();
    if (before === changes()) return found;
  }
}
