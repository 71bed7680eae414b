/**
 * One answer being made in this process: the one writer of its log.
 *
 * Lines go ahead to the database before they are shown. However a run ends, its message is the fold
 * of its log; once that is saved, come the line that says how it ended and `d:`, and after those nothing. A run that
 * another process has taken over shows nothing more of its own: its readers get the stored end.
 */
import { AppError } from '@/lib/protocol/errors';
import { formatLine, formatRunEnd, splitLines } from '@/lib/protocol/lines';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';
import type { StreamEvent } from '@/lib/protocol/stream-events';
import { logger } from '@/lib/server/log/logger';
import {
  MAX_ANSWER_BYTES,
  messageBytesOf,
  messageBytesOfLine,
  truncateLine,
} from '@/lib/server/runs/answer-size';
import type { FinalRun } from '@/lib/server/runs/finalize';
import { foldRun } from '@/lib/server/runs/fold-run';
import { readRunFromDatabase } from '@/lib/server/runs/read-from-database';
import { RunLog } from '@/lib/server/runs/run-log';
import type { FrameWriter, OpenFrame, WriteAhead } from '@/lib/server/runs/write-ahead';

/** Why signals of runs are aborted. Made once: a reason of its own costs each run a stack trace. */
const RUN_ENDED_REASON = new DOMException('The run has ended.', 'AbortError');
/** The place of a run's first lines in its log: they are written together with its row. */
export const FIRST_SEQ = 0;
/** Lines that a person sees something of: text, thoughts, a document beside the chat. */
const CONTENT_PREFIXES = new Set(['0:', 'g:', '2:']);
/** Bytes of one run's log, documents and all: what a process can bear. */
const MAX_LOG_BYTES = 16_000_000;
/** The final write may take this long before readers are told that the answer is not saved yet. */
const UNSAVED_NOTICE_DELAY_MS = 2_000;

export type RunRow = {
  id: string;
  chatId: string;
  messageId: string;
  ownerId: string;
  epoch: number;
  modelRef: string;
};

export type RunOutcome = {
  status: RunEndedAnnotation['status'];
  error?: AppError;
  finishReason?: string;
};

export class LiveRun {
  readonly log = new RunLog();
  /** Resolves when the message is saved for good: just before readers are told the end. */
  readonly saved: Promise<void>;
  /** True when the model has said its first word; false when the run is over without one. */
  readonly contentStarted: Promise<boolean>;
  private readonly abort = new AbortController();
  /**
   * Resolves when the run's row is written: before that nothing can be saved. Also when it never will
   * be; the signal is aborted then.
   */
  readonly rowWritten: Promise<void>;
  private openFrame: OpenFrame | undefined;
  private readonly writer: FrameWriter;
  /** Resolves with false when another process has taken the run over. */
  private readonly takenOver: Promise<false>;
  private resolveTakenOver: () => void = () => {};
  /** Resolves with true when the database has refused lines of the run: what waits is not shown. */
  private readonly rejected: Promise<true>;
  private resolveRejected: () => void = () => {};
  /** Whether readers were shown what the database does not have. */
  private wasDeliveredEarly = false;
  private nextSeq = FIRST_SEQ + 1;
  /** Lines that arrived before the run's row was written; null from then on. */
  private linesBeforeRow: string | null = '';
  /** Bytes of all lines so far, shown or not, with the one that is being added. */
  private totalBytes = 0;
  /** Of these, what its message has. */
  private messageBytes: number;
  private hasEndLine = false;
  private endPromise: Promise<void> | undefined;
  private resolveSaved: () => void = () => {};
  private resolveContentStarted: (isAnswering: boolean) => void = () => {};
  private resolveRowWritten: () => void = () => {};

  /**
   * @param firstLines of the log; they are written to the database together with the row
   * @param finalize writes the finished message; it retries by itself and resolves with what it saved
   *   once that is committed, with null once another writer turns out to have taken the run over
   * @param freezeCount of the process so far (`FreezeDetector`)
   */
  constructor(
    readonly row: RunRow,
    firstLines: string,
    private readonly writeAhead: WriteAhead,
    private readonly finalize: (final: FinalRun) => Promise<FinalRun | null>,
    freezeCount: number,
  ) {
    this.saved = new Promise((resolve) => {
      this.resolveSaved = resolve;
    });
    this.contentStarted = new Promise((resolve) => {
      this.resolveContentStarted = resolve;
    });
    this.rowWritten = new Promise((resolve) => {
      this.resolveRowWritten = resolve;
    });
    this.takenOver = new Promise((resolve) => {
      this.resolveTakenOver = () => resolve(false);
    });
    this.rejected = new Promise((resolve) => {
      this.resolveRejected = () => resolve(true);
    });
    this.writer = {
      runId: row.id,
      epoch: row.epoch,
      confirmedFreezeCount: freezeCount,
      onTakenOver: (wasShownAhead) => this.handleTakeover(wasShownAhead),
      onRejected: () => {
        this.resolveRejected();
        void this.finish({ status: 'failed', error: new AppError('answer_not_saved') });
      },
    };
    this.messageBytes = messageBytesOf(firstLines);
    this.log.append(firstLines);
  }

  /** Aborted by `finish`: ends the connection to the model. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get isFinished(): boolean {
    return this.endPromise !== undefined;
  }

  /**
   * Adds one line with its newline. After the end of the run it does nothing. Where the answer becomes
   * too long, it ends here, with as much of the line as there is room for.
   */
  append(line: string): void {
    if (this.endPromise) return;
    if (CONTENT_PREFIXES.has(line.slice(0, 2))) this.resolveContentStarted(true);
    const bytes = Buffer.byteLength(line);
    this.totalBytes += bytes;
    const remainingBytes = MAX_ANSWER_BYTES - this.messageBytes;
    this.messageBytes += messageBytesOfLine(line, bytes);
    if (this.messageBytes <= MAX_ANSWER_BYTES && this.totalBytes <= MAX_LOG_BYTES) {
      this.write(line);
      return;
    }
    const truncated = truncateLine(line, remainingBytes);
    if (truncated !== '') this.write(truncated);
    void this.finish({ status: 'failed', error: new AppError('answer_too_long') });
  }

  /** The write-ahead takes a frame only where the run has a row: until then lines are kept here. */
  private write(line: string): void {
    if (this.linesBeforeRow !== null) {
      this.linesBeforeRow += line;
      return;
    }
    if (this.openFrame?.append(line)) return;
    this.openFrame = this.writeAhead.write(
      this.writer,
      { seq: this.nextSeq++, data: line },
      (data) => this.log.append(data),
    );
  }

  /** The run's row is in the database: from now on the run ends by being saved. */
  confirmRowWritten(): void {
    const lines = this.linesBeforeRow;
    this.linesBeforeRow = null;
    if (lines) this.write(lines);
    this.resolveRowWritten();
  }

  /** The run's row was never written: closes the connection to the model, and saves nothing. */
  discard(): void {
    this.endPromise ??= Promise.resolve();
    this.abort.abort(RUN_ENDED_REASON);
    this.resolveRowWritten();
    this.resolveContentStarted(false);
    this.resolveSaved();
  }

  /** Adds one custom event. */
  appendEvent(event: StreamEvent): void {
    this.append(formatLine('2', [event]));
  }

  /**
   * Ends the run: closes the connection to the model, saves the message, however long that takes, and
   * tells the readers. Only the first call counts. Resolves when the readers have been told.
   */
  finish(outcome: RunOutcome): Promise<void> {
    this.endPromise ??= this.end(outcome);
    return this.endPromise;
  }

  /**
   * Resolves with true when every line so far has been shown, or will never be; with false where another process has
   * taken the run over: what this one still has is then neither written nor shown.
   */
  flush(): Promise<boolean> {
    const delivered = new Promise<true>((resolve) => {
      // An empty frame is shown after all that went before it.
      const frame = { seq: this.nextSeq++, data: '' };
      this.writeAhead.write(this.writer, frame, () => resolve(true));
    });
    return Promise.race([delivered, this.takenOver, this.rejected]);
  }

  /**
   * Another process has taken the run over: closes the connection to the model, and lets readers have
   * the stored end.
   */
  handleTakeover(wasShownAhead = false): void {
    this.wasDeliveredEarly ||= wasShownAhead;
    this.resolveTakenOver();
    this.endPromise ??= this.yieldToOwner();
  }

  /** Whether the log ends where the run does; otherwise the database alone has the run's end. */
  get hasCompleteLog(): boolean {
    return !this.wasDeliveredEarly && this.hasEndLine;
  }

  private async end(outcome: RunOutcome): Promise<void> {
    // What an abort listener still appends counts: the frame that is waited for comes behind it.
    this.abort.abort(RUN_ENDED_REASON);
    this.resolveContentStarted(false);
    await this.rowWritten;
    if (!(await this.flush())) return await this.yieldToOwner();
    const lines = splitLines(this.log.text());
    const folded = foldRun(this.row.id, lines, outcome.status);
    const { parts, documents, closingLines, finishReason, usage } = folded;
    const annotation: RunEndedAnnotation = {
      type: 'run-ended',
      status: outcome.status,
      modelRef: this.row.modelRef,
      ...(outcome.error && { error: outcome.error.toBody() }),
      ...(usage && { usage }),
      finishReason: outcome.finishReason ?? finishReason ?? undefined,
    };
    const final = { row: this.row, parts, documents, closing: closingLines, annotation };
    const unsavedTimer = setTimeout(() => this.log.markUnsaved(), UNSAVED_NOTICE_DELAY_MS);
    const saved = this.writeAhead.settle(this.row.id).then(() => this.finalize(final));
    const savedRun = await Promise.race([saved, this.takenOver]);
    clearTimeout(unsavedTimer);
    if (!savedRun) return await this.yieldToOwner();
    this.resolveSaved();
    this.log.append(savedRun.closingLines + formatRunEnd(savedRun.annotation));
    this.hasEndLine = true;
    this.log.end();
  }

  /** Ends the log with what the new owner of the run has stored behind the lines that were shown. */
  private async yieldToOwner(): Promise<void> {
    this.abort.abort(RUN_ENDED_REASON);
    this.resolveContentStarted(false);
    logger.warn({ runId: this.row.id }, 'Another process has taken this run over');
    try {
      if (!this.wasDeliveredEarly) await this.readStoredEnd();
    } catch (error) {
      // The log ends without its last line: readers follow again, from the database.
      logger.warn({ err: error, runId: this.row.id }, 'The stored end of a run could not be read');
    }
    this.log.end();
    this.resolveSaved();
  }

  private async readStoredEnd(): Promise<void> {
    for await (const chunk of readRunFromDatabase(this.row.id, this.log.lines)) {
      if (chunk === '\n') continue;
      this.log.append(chunk);
      this.hasEndLine = splitLines(chunk).at(-1)?.startsWith('d:') ?? false;
    }
  }
}
