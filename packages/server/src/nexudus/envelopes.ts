import type { PropertyError } from './property-errors.ts';
import { date } from './webhook-record.ts';

/** What a page of a list is told with. */
export interface Page {
  /** From 1. */
  readonly page: number;
  readonly size: number;
  readonly total: number;
  readonly orderField: string;
  readonly descending: boolean;
}

export function listEnvelope(records: readonly object[], { page, size, total, ...order }: Page) {
  const before = (page - 1) * size;
  return {
    Records: records,
    CurrentPageSize: size,
    CurrentPage: page,
    CurrentOrderField: order.orderField,
    CurrentSortDirection: order.descending ? 1 : 0,
    FirstItem: records.length === 0 ? 0 : before + 1,
    HasNextPage: before + size < total,
    HasPreviousPage: page > 1 && total > 0,
    LastItem: records.length === 0 ? 0 : before + records.length,
    PageNumber: page,
    PageSize: size,
    TotalItems: total,
    TotalPages: Math.ceil(total / size),
  };
}

/** After a change: `Value` names the record, and is null when there is none any more. */
export function done(
  message: string,
  of: { id: number; updatedAt: number; updatedBy: string } | null,
) {
  return {
    Status: 200,
    Message: message,
    Value: of && { Id: of.id },
    OpenInDialog: false,
    OpenInWindow: false,
    RedirectURL: null,
    JavaScript: null,
    UpdatedOn: of && date(of.updatedAt),
    UpdatedBy: of && of.updatedBy,
    Errors: null,
    WasSuccessful: true,
  };
}

/** `Status` is 500 whatever the status of the answer: so it is published. */
export function failed(message: string, errors: readonly PropertyError[] | null = null) {
  return { Status: 500, Message: message, Value: null, Errors: errors, WasSuccessful: false };
}

/** `Name: is a required field`: the first error is the message of all. */
export function notValid(errors: readonly PropertyError[]) {
  const [first] = errors;
  return failed(first ? `${first.PropertyName}: ${first.Message}` : 'is not valid', errors);
}
