/**
 * The one kind of error that may reach a person.
 *
 * A code has one HTTP status and one default sentence. Whatever happened underneath goes into
 * `cause`, which is logged and never sent.
 */

const CODES = {
  bad_request: [400, 'The request could not be understood.'],
  invalid_json: [400, 'The request is not valid JSON.'],
  request_cut: [400, 'The request ended before all of it had arrived. Send it again.'],
  request_timeout: [408, 'The request took too long to arrive. Send it again.'],
  unauthorized: [401, 'You are not signed in. Reload the page to go on.'],
  wrong_credentials: [400, 'The email address or the password is not right.'],
  email_invalid: [400, 'That is not an email address.'],
  sign_up_refused: [
    400,
    'No account could be made with this email address and password. If you have an account, sign in with its password.',
  ],
  password_too_short: [400, 'The password is too short: it needs at least 8 characters.'],
  password_too_long: [400, 'The password is too long: it may have 128 characters at most.'],
  too_busy: [429, 'Many people are signing in at this moment. Try again in a few seconds.'],
  too_many_guests: [
    429,
    'Many new guests have come from your network just now. Wait ten minutes and reload, or sign in.',
  ],
  too_many_tries: [429, 'Too many tries. Wait a few minutes, then try again.'],
  foreign_page: [
    403,
    'The request did not come from a page of this app. If it did, PUBLIC_URL is not set to the address in your browser.',
  ],
  account_blocked: [403, 'This account is blocked. Ask whoever runs this installation.'],
  forbidden: [403, 'That is not yours to change.'],
  not_found: [404, 'That could not be found. It may have been deleted.'],
  method_not_allowed: [405, 'This address cannot be used in that way.'],
  chat_not_found: [404, 'This chat does not exist, or it is not yours.'],
  model_not_found: [400, 'That model is not available. Pick another one from the list.'],
  no_model: [503, 'No model is available yet. Start one, then try again.'],
  message_empty: [400, 'The message is empty. Write something first.'],
  message_too_long: [413, 'The message is too long. Shorten it and send it again.'],
  document_too_long: [413, 'The document is too long: it may hold 1 MB at most. Shorten it.'],
  document_full: [
    413,
    'This document has as many versions as one may have (256 MB in all). Copy or download the text and go on in a new document.',
  ],
  documents_full: [
    413,
    'Your documents take as much as they may (2 GB with all their versions). Copy or download the text, and delete chats that are not needed any more.',
  ],
  body_too_large: [413, 'The request is too large.'],
  too_many_bodies: [
    503,
    'The server is receiving very much at this moment. Try again in a few seconds.',
  ],
  too_much_unread: [
    503,
    'Much of what was asked for before is still being sent. Try again in a few seconds.',
  ],
  unsupported_media_type: [415, 'The request must be sent as application/json.'],
  too_many_runs: [
    429,
    'Many answers are being written for you already. Wait for one or stop one first.',
  ],
  too_many_runs_here: [
    429,
    'Many answers are being written for your network already. Try again in a moment.',
  ],
  server_busy: [503, 'The server is writing as many answers as it can. Try again in a moment.'],
  too_many_windows: [429, 'This app is open in too many windows. Close some, then reload.'],
  run_live: [409, 'An answer is still being written in this chat. Wait for it or stop it first.'],
  answer_unsaved: [
    503,
    'The answer before this message is not saved yet: the database cannot be written to. Try again in a moment.',
  ],
  conversation_moved: [409, 'This chat has moved on in another tab. Here is where it stands now.'],
  conflict: [409, 'That id is already in use.'],
  shutting_down: [503, 'The server is restarting. Try again in a moment.'],
  database_unavailable: [503, 'The database cannot be reached. Try again in a moment.'],
  database_unwritable: [
    503,
    'The database cannot save this right now: its disk may be full. Try again in a moment.',
  ],
  internal: [500, 'Something went wrong on the server. Try again.'],
  // What the model's endpoint did.
  endpoint_unreachable: [502, 'The model endpoint cannot be reached. Is it running?'],
  endpoint_unauthorized: [502, 'The model endpoint refused the API key.'],
  endpoint_model_missing: [502, 'The model endpoint does not know this model any more.'],
  endpoint_forbidden: [502, 'The model endpoint refused access.'],
  endpoint_wrong_address: [
    502,
    'There is no chat at the model endpoint’s address. Check that the address is right and ends in /v1.',
  ],
  endpoint_quota: [
    502,
    'The model endpoint’s quota or credit is used up. Add to it, or pick another model.',
  ],
  content_filtered: [502, 'The model endpoint’s content filter stopped the answer.'],
  endpoint_rate_limited: [502, 'The model endpoint is too busy. Try again in a moment.'],
  endpoint_rejected: [502, 'The model endpoint refused the request.'],
  endpoint_failed: [502, 'The model endpoint failed. Try again.'],
  endpoint_timeout: [504, 'The model endpoint did not answer in time.'],
  endpoint_cut: [502, 'The model endpoint was cut off in the middle of the answer.'],
  endpoint_bad_answer: [502, 'The model endpoint sent something that could not be understood.'],
  answer_too_long: [
    502,
    'The answer is as long as one may be (4 MB, 16 MB with its documents), and was ended here. Ask for the rest in a new message.',
  ],
  answer_not_saved: [500, 'The database refused to save this answer. Try again.'],
  chat_too_long: [
    409,
    'This chat is as long as one may be (32 MB or 10,000 messages). Start a new chat.',
  ],
  endpoint_empty: [502, 'The model gave an empty answer. Try again.'],
  context_too_long: [400, 'The conversation is longer than this model can read. Start a new chat.'],
  interrupted: [503, 'The server stopped while this answer was being written.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof CODES;

/** The JSON a failed request answers with, and what an ended run says in its annotation. */
export type ErrorBody = { code: ErrorCode; message: string };

export class AppError extends Error {
  readonly code: ErrorCode;

  /** @param message a sentence for the person, where the code's own would say too little. */
  constructor(code: ErrorCode, options: { message?: string; cause?: unknown } = {}) {
    super(options.message ?? CODES[code][1], { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
  }

  /** The HTTP status of this error's code. */
  get status(): number {
    return CODES[this.code][0];
  }

  toBody(): ErrorBody {
    return { code: this.code, message: this.message };
  }

  /** Any thrown value as an AppError; what is not one becomes `internal`, with itself as cause. */
  static from(error: unknown): AppError {
    return error instanceof AppError ? error : new AppError('internal', { cause: error });
  }
}
