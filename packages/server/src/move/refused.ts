/** The move cannot be done as it was asked for. Nothing was changed; the message is for people. */
export class MoveRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MoveRefused';
  }
}
