/**
 * The latency budget: every buffer, throttle and polling interval between a byte from the model and
 * the pixels in the browser, in the order in which an answer passes them. docs/architecture.md
 * lists them in a table, with their sum; a unit test compares the two.
 *
 * `…_INTERVAL_MS` and `…_WINDOW_MS` delay text by at most their value, on average by half of it.
 * Timeouts and delays of retries are not part of the budget: they apply only after a failure.
 */

// Server: from the model's response to the run's log.

/** Unread parts above which the model's response is paused: bounds the memory of one answer. */
export const MAX_QUEUED_PARTS = 256;
/**
 * Bytes of a response that are read at full speed. After them, each pause is as long as the work
 * before it: another request takes dozens of turns of the event loop, and each would otherwise wait
 * for one more chunk.
 */
export const FULL_SPEED_BYTES = 1_048_576;
/**
 * Interval between two frames of an answer while few are streaming: the page renders only half as
 * often, so a shorter one would cost more and show nothing sooner.
 */
export const MIN_COALESCING_WINDOW_MS = 25;
/** The same with 600 answers or more: a frame costs the later stages far more than a character. */
export const MAX_COALESCING_WINDOW_MS = 250;
/** Maximum extension of the window while the event loop lags, as in a burst of new answers. */
export const MAX_LAG_EXTENSION_MS = 250;
/** Characters at which a frame is sent before the end of its window. */
export const MAX_COALESCED_CHARS = 2_048;
/** Frames of all answers are sent on shared ticks, so that they share an insert and a commit. */
export const FRAME_TICK_INTERVAL_MS = 20;
/** How long usage or [DONE] may follow the model's finish reason before the answer is complete. */
export const FINISH_GRACE_MS = 2_000;

// Server: from the run's log to the response.

/** A frame that waits longer for its commit is delivered before it: readers never wait longer. */
export const COMMIT_TIMEOUT_MS = 250;
/** Limits of one insert; a larger backlog is inserted in several statements. */
export const MAX_BATCH_FRAMES = 2_000;
export const MAX_BATCH_CHARS = 262_144;
/** Maximum bytes of one read of the log in memory: bounds what a slow reader holds. */
export const MAX_READ_BYTES = 262_144;

// Server: only readers in another process than the run's.

/** A relay without a response within this time is not used: the reader reads from Postgres. */
export const RELAY_FOLLOW_TIMEOUT_MS = 1_500;
/** A relay that delivers nothing for this long is compared with Postgres. */
export const RELAY_STALL_TIMEOUT_MS = 2_000;
/** Time for the relay to deliver the end of a run that has ended in Postgres. */
export const RELAY_GRACE_MS = 200;
/** Time until the run's process knows that it has a reader here and signals each commit. */
export const FIRST_LOG_POLL_MS = 50;
/** Signals of commits can be lost: the log is polled at this interval without any. */
export const LOG_POLL_INTERVAL_MS = 1_000;
/** Maximum frames of one query of the log: bounds the memory of a reader of a long one. */
export const MAX_QUERY_FRAMES = 500;

// Client: from the response to useChat.

/** Lines that arrive within this time after connecting are missed text and are not paced. */
export const CATCH_UP_WINDOW_MS = 150;
/** Minimum interval between two deliveries to useChat. */
export const PACER_INTERVAL_MS = 50;
/** The pacer spreads a chunk over the time until the next one, at most over this time. */
export const MAX_PACER_LAG_MS = 250;
/** A larger backlog is delivered in one piece: nobody can read this much in that time. */
export const MAX_PACER_BACKLOG_CHARS = 2_000;

// Client: from useChat to the pixels.

/** Minimum interval between two renders of the conversation: rendering Markdown costs most. */
export const CHAT_RENDER_INTERVAL_MS = 50;
/** After this time useChat's last throttled update has been applied. */
export const LAST_RENDER_MS = CHAT_RENDER_INTERVAL_MS + 10;
/** The last text of an answer has been rendered when its end is announced to screen readers. */
export const END_ANNOUNCEMENT_DELAY_MS = 200;
/** A streamed document renders after a pause of this length, or … */
export const DOCUMENT_RENDER_DEBOUNCE_MS = 80;
/** … while chunks keep coming, at this interval: an editor costs more than a message. */
export const DOCUMENT_RENDER_INTERVAL_MS = 200;
/** Suggestions arrive one at a time: they are refetched after a pause of this length, or … */
export const SUGGESTIONS_DEBOUNCE_MS = 150;
/** … while more keep coming, at this interval. */
export const SUGGESTIONS_INTERVAL_MS = 600;
/** Code in an edited text is highlighted after a pause of this length. */
export const HIGHLIGHT_DEBOUNCE_MS = 150;
/** Minimum interval between two renders of a program's output: programs print in loops. */
export const OUTPUT_RENDER_INTERVAL_MS = 100;

// Client: from a key to storage.

/** A message is stored as a draft after a pause of this length. */
export const MESSAGE_DRAFT_DEBOUNCE_MS = 300;
/** Edits of a document are stored as a draft in the browser at this interval. */
export const DOCUMENT_DRAFT_INTERVAL_MS = 400;
/** Edits of a document are saved as a version after a pause of this length, or … */
export const DOCUMENT_SAVE_DEBOUNCE_MS = 1_500;
/** … while the user keeps typing, at this interval. */
export const DOCUMENT_SAVE_INTERVAL_MS = 10_000;
