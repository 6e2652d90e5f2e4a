import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { DataTable, type DataTableProps } from './data-table.tsx';
import { Loaded } from './loaded.tsx';

interface PagedTableProps<Row> extends Omit<DataTableProps<Row>, 'rows' | 'more'> {
  /** Of a `pagedQuery`. */
  readonly list: UseInfiniteQueryResult<readonly Row[]>;
  /** Stands in its place when there are no rows. */
  readonly empty: ReactNode;
}

/** A list of the API: while it is read, its rows, or why there are none. */
export function PagedTable<Row>({ list, empty, ...table }: PagedTableProps<Row>) {
  return (
    <Loaded query={list}>
      {(rows) => (rows.length === 0 ? empty : <DataTable {...table} rows={rows} more={list} />)}
    </Loaded>
  );
}
