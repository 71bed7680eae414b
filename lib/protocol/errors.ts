/**
 * The only errors whose text reaches the user.
 *
 * Each code has one HTTP status and one default message. The underlying error is the `cause`, which
 * is logged and never sent.
 */

const CODES = {
  bad_request: [400, 'The request is invalid.'],
  invalid_json: [400, 'The request is not valid JSON.'],
  request_aborted: [400, 'The request was incomplete. Send it again.'],
  request_timeout: [408, 'The request took too long to arrive. Send it again.'],
  unauthorized: [401, 'You’re not signed in. Reload the page to continue.'],
  wrong_credentials: [400, 'The email address or password is incorrect.'],
  email_invalid: [400, 'Enter a valid email address.'],
  sign_up_refused: [
    400,
    'Couldn’t create an account with this email address and password. If you already have an account, sign in with its password.',
  ],
  password_too_short: [400, 'The password is too short: it needs at least 8 characters.'],
  password_too_long: [400, 'The password is too long: the limit is 128 characters.'],
  sign_in_busy: [429, 'Too many people are signing in at the moment. Try again in a few seconds.'],
  too_many_guests: [
    429,
    'Too many new guests from your network. Wait ten minutes and reload, or sign in.',
  ],
  too_many_attempts: [429, 'Too many attempts. Wait a few minutes, then try again.'],
  cross_origin: [
    403,
    'The request didn’t come from a page of this app. If it did, PUBLIC_URL doesn’t match the address in your browser.',
  ],
  account_blocked: [
    403,
    'This account is blocked. Contact the administrator of this installation.',
  ],
  account_mismatch: [
    409,
    'This isn’t the email address of the account that you’re signed in with. Nothing was deleted.',
  ],
  not_found: [404, 'Not found. It may have been deleted.'],
  method_not_allowed: [405, 'This method is not allowed for this address.'],
  chat_not_found: [404, 'This chat doesn’t exist, or it belongs to another user.'],
  model_not_found: [400, 'This model isn’t available. Pick another one from the list.'],
  no_model: [503, 'No model is available yet. Start one, then try again.'],
  message_empty: [400, 'The message is empty. Write something first.'],
  message_too_long: [413, 'The message is too long. Shorten it and send it again.'],
  document_too_long: [413, 'The document is too long: the limit is 1 MB. Shorten it.'],
  document_quota_exceeded: [
    413,
    'This document has reached the limit for its versions (256 MB). Copy or download the text and continue in a new document.',
  ],
  user_quota_exceeded: [
    413,
    'Your documents have reached the storage limit (2 GB including all versions). Copy or download the text, and delete chats that you no longer need.',
  ],
  body_too_large: [413, 'The request is too large.'],
  too_much_request_data: [
    503,
    'The server is receiving too much data at the moment. Try again in a few seconds.',
  ],
  too_many_unread_responses: [
    503,
    'Too many earlier responses are still being sent. Try again in a few seconds.',
  ],
  unsupported_media_type: [415, 'The request must be sent as application/json.'],
  too_many_runs: [429, 'You have too many running answers. Wait for one to finish, or stop one.'],
  too_many_runs_for_network: [
    429,
    'Too many answers are running for your network. Try again in a moment.',
  ],
  server_busy: [503, 'The server is running the maximum number of answers. Try again in a moment.'],
  too_many_streams: [429, 'This app is open in too many tabs. Close some, then reload.'],
  too_many_exports: [429, 'Another export is still running. Wait for it to finish.'],
  run_in_progress: [409, 'An answer is still running in this chat. Wait for it, or stop it first.'],
  previous_answer_unsaved: [
    503,
    'The previous answer isn’t saved yet, because the database isn’t accepting writes. Try again in a moment.',
  ],
  chat_changed: [409, 'This chat was changed in another tab. This is its current state.'],
  only_version: [409, 'This message has no other version. Delete the whole chat instead.'],
  not_queued: [404, 'This message is no longer queued. It was sent or deleted.'],
  queue_full: [
    409,
    'Too many messages are queued in this chat: the limit is 100 messages or 1,000,000 characters. Wait until some are sent, or delete some.',
  ],
  settings_changed: [409, 'The settings of this chat were changed in another tab.'],
  conflict: [409, 'That id is already in use.'],
  shutting_down: [503, 'The server is restarting. Try again in a moment.'],
  database_unavailable: [503, 'Couldn’t reach the database. Try again in a moment.'],
  database_unwritable: [
    503,
    'The database can’t save this right now: its disk may be full. Try again in a moment.',
  ],
  internal: [500, 'Something went wrong on the server. Try again.'],
  // Errors of the model endpoint.
  endpoint_unreachable: [
    502,
    'Couldn’t reach the model server. Check that it is running, then try again.',
  ],
  endpoint_unauthorized: [502, 'The model server rejected the API key.'],
  endpoint_model_missing: [502, 'The model server no longer has this model.'],
  endpoint_forbidden: [502, 'The model server denied access.'],
  endpoint_wrong_address: [
    502,
    'The model server has no chat API at this address. Check that the address is correct and ends in /v1.',
  ],
  endpoint_quota_exceeded: [
    502,
    'The quota or credit of the model server is used up. Increase it, or pick another model.',
  ],
  content_filtered: [502, 'The model server’s content filter stopped the answer.'],
  endpoint_rate_limited: [502, 'The model server is too busy. Try again in a moment.'],
  endpoint_rejected: [502, 'The model server rejected the request.'],
  endpoint_failed: [502, 'The model server failed. Try again.'],
  endpoint_timeout: [504, 'The model server didn’t respond in time.'],
  endpoint_disconnected: [502, 'The model server closed the connection during the answer.'],
  endpoint_invalid_response: [502, 'The model server sent an invalid response.'],
  answer_too_long: [
    502,
    'The answer reached the size limit (4 MB, or 16 MB with its documents) and was ended. Ask for the rest in a new message.',
  ],
  answer_save_failed: [500, 'The database rejected this answer, so it isn’t saved. Try again.'],
  chat_too_long: [
    409,
    'This chat has reached its limit (32 MB or 10,000 messages). Start a new chat.',
  ],
  endpoint_empty_answer: [502, 'The model returned an empty answer. Try again.'],
  context_too_long: [
    400,
    'The conversation exceeds the context length of this model. Start a new chat.',
  ],
  interrupted: [503, 'The server stopped during this answer.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof CODES;

/**
 * The JSON body of an error response, and the `error` of a run-ended annotation. The latter is
 * stored: an answer of an earlier version may have a code that no longer exists, but its message is
 * still valid. The page reads one stored code, `answer_too_long`, which must not be renamed.
 */
export type ErrorBody = { code: ErrorCode; message: string };

export class AppError extends Error {
  readonly code: ErrorCode;

  /** @param message replaces the default message of the code */
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

  /** Converts a thrown value; one that is not an AppError becomes `internal` with it as cause. */
  static from(error: unknown): AppError {
    return error instanceof AppError ? error : new AppError('internal', { cause: error });
  }
}
