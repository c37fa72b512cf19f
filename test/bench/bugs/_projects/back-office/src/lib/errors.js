/** Errors that are answered to the one who asked; anything else is a fault of ours. */
export class RequestError extends Error {
  constructor(status, message, details) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.details = details;
  }
}

export const badRequest = (message, details) => new RequestError(400, message, details);
export const forbidden = (message) => new RequestError(403, message);
export const notFound = (what, id) => new RequestError(404, `There is no ${what} ${id}.`);
export const conflict = (message) => new RequestError(409, message);
