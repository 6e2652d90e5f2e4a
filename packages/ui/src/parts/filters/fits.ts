interface Time {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A filter of a list with such rows. */
type FilterOf<Row> = Time & { readonly [Field in keyof Row]?: Row[Field] | undefined };

/** Whether a list with this filter would have the row, as the API judges. */
export function fits<Row extends { readonly createdAt: string }>(
  row: Row,
  { from, to, ...fields }: FilterOf<Row>,
): boolean {
  const at = Date.parse(row.createdAt);
  return (
    (from === undefined || at >= Date.parse(from)) &&
    (to === undefined || at < Date.parse(to)) &&
    Object.entries(fields).every(
      ([field, value]) => value === undefined || row[field as keyof Row] === value,
    )
  );
}
