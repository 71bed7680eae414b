/**
 * A run of this process: the only writer of its log.
 *
 * Lines are written to the database before they are delivered. However a run ends, its message is
 * the fold of its log. Once the message is saved, the log gets its last two lines: the run-ended
 * annotation and `d:`. A run that another process has taken over delivers no more lines of its own;
 * its readers get the stored end.
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
import type { FinalRun } from '@/lib/server/runs/final-run';
import { foldRun } from '@/lib/server/runs/fold-run';
import { GenerationTimer } from '@/lib/server/runs/generation-timer';
import { readRunFromDatabase } from '@/lib/server/runs/read-from-database';
import { RunLog } from '@/lib/server/runs/run-log';
import type { FrameWriter, OpenFrame, WriteAhead } from '@/lib/server/runs/write-ahead';

/** The abort reason of all runs. Shared, because creating one per run costs a stack trace. */
const RUN_ENDED_REASON = new DOMException('The run has ended.', 'AbortError');
/** The `seq` of a run's first lines, which are written together with its row. */
export const FIRST_SEQ = 0;
/** Lines with visible content: text, reasoning, events (documents). */
const CONTENT_PREFIXES = new Set(['0:', 'g:', '2:']);
/** Maximum bytes of one run's log, including documents: it is held in memory. */
const MAX_LOG_BYTES = 16_000_000;
/**
 * Readers are notified that the answer is not saved yet if the final write takes longer than this.
 */
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
  /** Resolves when the message is finally saved, just before readers get the end of the run. */
  readonly saved: Promise<void>;
  /** Resolves with true at the first token; with false if the run ends without content. */
  readonly contentStarted: Promise<boolean>;
  private readonly abort = new AbortController();
  /**
   * Resolves when the run's row is written, before which nothing can be saved. Also resolves when
   * the row will never be written; then `signal` is aborted.
   */
  readonly rowWritten: Promise<void>;
  private openFrame: OpenFrame | undefined;
  private readonly writer: FrameWriter;
  /** Resolves with false when another process has taken over the run. */
  private readonly takenOver: Promise<false>;
  private resolveTakenOver: () => void = () => {};
  /** Resolves with true when the database rejects lines of the run; pending lines are dropped. */
  private readonly rejected: Promise<true>;
  private resolveRejected: () => void = () => {};
  /** Whether lines were delivered that the database does not have. */
  private wasDeliveredEarly = false;
  private nextSeq = FIRST_SEQ + 1;
  /** Lines that arrived before the run's row was written; null from then on. */
  private linesBeforeRow: string | null = '';
  /** Bytes of all appended lines, delivered or not, including the one being appended. */
  private totalBytes = 0;
  /** The part of `totalBytes` that counts towards the message. */
  private messageBytes: number;
  private hasEndLine = false;
  private readonly timer = new GenerationTimer();
  private endPromise: Promise<void> | undefined;
  private resolveSaved: () => void = () => {};
  private resolveContentStarted: (hasContent: boolean) => void = () => {};
  private resolveRowWritten: () => void = () => {};

  /**
   * @param firstLines of the log; they are written to the database together with the row
   * @param finalize saves the finished message with retries; resolves with the saved end once it is
   *   committed, or with null if another writer has taken over the run
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
      onTakenOver: (wasDeliveredEarly) => this.handleTakeover(wasDeliveredEarly),
      onRejected: () => {
        this.resolveRejected();
        void this.finish({ status: 'failed', error: new AppError('answer_save_failed') });
      },
    };
    this.messageBytes = messageBytesOf(firstLines);
    this.log.append(firstLines);
  }

  /** Aborted by `finish`; closes the connection to the model. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get isFinished(): boolean {
    return this.endPromise !== undefined;
  }

  /**
   * Adds one line with its newline; does nothing after the end of the run. If the answer exceeds
   * its size limit, the line is truncated to fit and the run ends as failed.
   */
  append(line: string): void {
    if (this.endPromise) return;
    if (CONTENT_PREFIXES.has(line.slice(0, 2))) this.resolveContentStarted(true);
    const bytes = Buffer.byteLength(line);
    this.totalBytes += bytes;
    const remainingBytes = MAX_ANSWER_BYTES - this.messageBytes;
    this.messageBytes += messageBytesOfLine(line, bytes);
    if (this.messageBytes <= MAX_ANSWER_BYTES && this.totalBytes <= MAX_LOG_BYTES) {
      this.write(this.timer.withTiming(line));
      return;
    }
    const truncated = truncateLine(line, remainingBytes);
    if (truncated !== '') this.write(truncated);
    void this.finish({ status: 'failed', error: new AppError('answer_too_long') });
  }

  /** Buffers lines until the run's row exists: the write-ahead rejects frames without it. */
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

  /** Called when the run's row is in the database; from then on the end of the run is saved. */
  confirmRowWritten(): void {
    const lines = this.linesBeforeRow;
    this.linesBeforeRow = null;
    if (lines) this.write(lines);
    this.resolveRowWritten();
  }

  /** Called if the run's row is not written: closes the connection to the model, saves nothing. */
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
   * Ends the run: closes the connection to the model, saves the message (retrying without a limit)
   * and delivers the end to the readers, after which it resolves. Only the first call has an
   * effect.
   */
  finish(outcome: RunOutcome): Promise<void> {
    this.endPromise ??= this.end(outcome);
    return this.endPromise;
  }

  /**
   * Resolves with true when every line so far is delivered or was rejected by the database; with
   * false if another process has taken over the run: pending lines are then neither written nor
   * delivered.
   */
  flush(): Promise<boolean> {
    const delivered = new Promise<true>((resolve) => {
      // Frames are delivered in order, so an empty frame marks the end of all earlier ones.
      const frame = { seq: this.nextSeq++, data: '' };
      this.writeAhead.write(this.writer, frame, () => resolve(true));
    });
    return Promise.race([delivered, this.takenOver, this.rejected]);
  }

  /**
   * Called when another process has taken over the run: closes the connection to the model and
   * gives readers the stored end.
   * @param wasDeliveredEarly whether a frame was delivered that is not in the database
   */
  handleTakeover(wasDeliveredEarly = false): void {
    this.wasDeliveredEarly ||= wasDeliveredEarly;
    this.resolveTakenOver();
    this.endPromise ??= this.yieldToOwner();
  }

  /** Whether the log includes the end of the run; otherwise only the database has it. */
  get hasCompleteLog(): boolean {
    return !this.wasDeliveredEarly && this.hasEndLine;
  }

  private async end(outcome: RunOutcome): Promise<void> {
    // Abort listeners may still append lines, so this comes before `flush`.
    const endedAt = new Date();
    this.abort.abort(RUN_ENDED_REASON);
    this.resolveContentStarted(false);
    await this.rowWritten;
    if (!(await this.flush())) return await this.yieldToOwner();
    const lines = splitLines(this.log.text());
    const folded = foldRun(this.row.id, lines, outcome.status);
    const { parts, documents, closingLines, finishReason, usage, timing } = folded;
    const annotation: RunEndedAnnotation = {
      type: 'run-ended',
      status: outcome.status,
      modelRef: this.row.modelRef,
      ...(outcome.error && { error: outcome.error.toBody() }),
      ...(usage && { usage }),
      ...(timing && { timing }),
      endedAt: endedAt.toISOString(),
      finishReason: outcome.finishReason ?? finishReason ?? undefined,
    };
    const final = { row: this.row, parts, documents, closingLines, annotation };
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

  /** Ends the log with the lines that the run's new owner stored after the delivered ones. */
  private async yieldToOwner(): Promise<void> {
    this.abort.abort(RUN_ENDED_REASON);
    this.resolveContentStarted(false);
    logger.warn({ runId: this.row.id }, 'Another process has taken over this run');
    try {
      if (!this.wasDeliveredEarly) await this.readStoredEnd();
    } catch (error) {
      // The log ends without its last line: readers reconnect and read from the database.
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
