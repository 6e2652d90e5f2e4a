/** One property that is not as it has to be, in the form in which clients read it. */
export interface PropertyError {
  readonly AttemptedValue: unknown;
  /** `is a required field` */
  readonly Message: string;
  /** `Name`; of a query its parameter. */
  readonly PropertyName: string;
}

/** What a request holds is not valid; rendered with all that is wrong. */
export class NotValid extends Error {
  readonly errors: readonly PropertyError[];

  /** At least one error. */
  constructor(errors: readonly PropertyError[]) {
    super('the request is not valid');
    this.name = 'NotValid';
    this.errors = errors;
  }
}

export function propertyError(
  PropertyName: string,
  Message: string,
  AttemptedValue: unknown = null,
): PropertyError {
  return { AttemptedValue, Message, PropertyName };
}
