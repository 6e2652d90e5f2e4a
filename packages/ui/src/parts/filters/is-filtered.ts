/** Whether a filter leaves anything out. */
export function isFiltered(filter: object): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
