/**
 * One answer being made in this process: the one writer of its log.
 *
 * Lines go ahead to the database before they are shown. However a run ends, its message is the fold
 * of its log; once that is saved, come the line that says how it ended and `d:`, and after those nothing. A run that
 * another process has taken over shows nothing more of its own: its readers get the stored end.
 */
import { AppError } from '@/lib/errors';
import { logger } from '@/lib/logger';
import type { StreamEvent } from '@/lib/protocol/events';
import { formatEnding, formatLine, splitLines } from '@/lib/protocol/lines';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';
import { bytesInMessage, bytesOfMessage, cutToFit, MAX_ANSWER_BYTES } from '@/lib/runs/answer-size';
import type { FinalRun } from '@/lib/runs/finalize';
import { foldRun } from '@/lib/runs/fold-run';
import { RunLog } from '@/lib/runs/log';
import { readDatabase } from '@/lib/runs/read-database';
import type { FrameWriter, OpenFrame, WriteAhead } from '@/lib/runs/write-ahead';

/** Why signals of runs are aborted. Made once: a reason of its own costs each run a stack trace. */
const ENDED = new DOMException('The run has ended.', 'AbortError');
/** The place of a run's first lines in its log: they are written together with its row. */
export const FIRST_SEQ = 0;
/** Lines that a person sees something of: text, thoughts, a document beside the chat. */
const FIRST_WORDS = new Set(['0:', 'g:', '2:']);
/** Bytes of one run's log, documents and all: what a process can bear. */
const MAX_LOG_BYTES = 16_000_000;
/** The final write may take this long before readers are told that the answer is not saved yet. */
const UNSAVED_AFTER_MS = 2_000;

export type RunRow = {
  id: string;
  chatId: string;
  messageId: string;
  ownerId: string;
  epoch: number;
  modelRef: string;
};

export type Outcome = {
  status: RunEndedAnnotation['status'];
  error?: AppError;
  finishReason?: string;
};

export class LiveRun {
  readonly log = new RunLog();
  /** Resolves when the message is saved for good: just before readers are told the end. */
  readonly saved: Promise<void>;
  /** True when the model has said its first word; false when the run is over without one. */
  readonly answering: Promise<boolean>;
  private readonly abort = new AbortController();
  /**
   * Resolves when the run's row is written: before that nothing can be saved. Also when it never will
   * be; the signal is aborted then.
   */
  readonly adopted: Promise<void>;
  private openFrame: OpenFrame | undefined;
  private readonly writer: FrameWriter;
  /** Resolves with false when another process has taken the run over. */
  private readonly lost: Promise<false>;
  private markLost: () => void = () => {};
  /** Resolves with true when the database has refused lines of the run: what waits is not shown. */
  private readonly refused: Promise<true>;
  private markRefused: () => void = () => {};
  /** Whether readers were shown what the database does not have. */
  private wasShownAhead = false;
  private nextSeq = FIRST_SEQ + 1;
  /** Lines that arrived before the run's row was written; null from then on. */
  private linesBeforeRow: string | null = '';
  /** Bytes of all lines so far, shown or not, with the one that is being added. */
  private bytesTaken = 0;
  /** Of these, what its message has. */
  private messageBytes: number;
  private hasEnd = false;
  private ending: Promise<void> | undefined;
  private markSaved: () => void = () => {};
  private markAnswering: (isAnswering: boolean) => void = () => {};
  private markAdopted: () => void = () => {};

  /**
   * @param firstLines of the log; they are written to the database together with the row
   * @param finalize writes the finished message; it retries by itself and resolves with what it saved
   *   once that is committed, with null once another writer turns out to have taken the run over
   * @param freezes of the process so far (`FreezeDetector`)
   */
  constructor(
    readonly row: RunRow,
    firstLines: string,
    private readonly writeAhead: WriteAhead,
    private readonly finalize: (final: FinalRun) => Promise<FinalRun | null>,
    freezes: number,
  ) {
    this.saved = new Promise((resolve) => {
      this.markSaved = resolve;
    });
    this.answering = new Promise((resolve) => {
      this.markAnswering = resolve;
    });
    this.adopted = new Promise((resolve) => {
      this.markAdopted = resolve;
    });
    this.lost = new Promise((resolve) => {
      this.markLost = () => resolve(false);
    });
    this.refused = new Promise((resolve) => {
      this.markRefused = () => resolve(true);
    });
    this.writer = {
      runId: row.id,
      epoch: row.epoch,
      confirmedAt: freezes,
      onLost: (wasShownAhead) => this.lose(wasShownAhead),
      onRefused: () => {
        this.markRefused();
        void this.finish({ status: 'failed', error: new AppError('answer_not_saved') });
      },
    };
    this.messageBytes = bytesOfMessage(firstLines);
    this.log.append(firstLines);
  }

  /** Aborted by `finish`: ends the connection to the model. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get finished(): boolean {
    return this.ending !== undefined;
  }

  /**
   * Adds one line with its newline. After the end of the run it does nothing. Where the answer becomes
   * too long, it ends here, with as much of the line as there is room for.
   */
  append(line: string): void {
    if (this.ending) return;
    if (FIRST_WORDS.has(line.slice(0, 2))) this.markAnswering(true);
    const bytes = Buffer.byteLength(line);
    this.bytesTaken += bytes;
    const room = MAX_ANSWER_BYTES - this.messageBytes;
    this.messageBytes += bytesInMessage(line, bytes);
    if (this.messageBytes <= MAX_ANSWER_BYTES && this.bytesTaken <= MAX_LOG_BYTES) {
      this.write(line);
      return;
    }
    const rest = cutToFit(line, room);
    if (rest !== '') this.write(rest);
    void this.finish({ status: 'failed', error: new AppError('answer_too_long') });
  }

  /** The write-ahead takes a frame only where the run has a row: until then lines are kept here. */
  private write(line: string): void {
    if (this.linesBeforeRow !== null) {
      this.linesBeforeRow += line;
      return;
    }
    if (this.openFrame?.add(line)) return;
    this.openFrame = this.writeAhead.write(
      this.writer,
      { seq: this.nextSeq++, data: line },
      (data) => this.log.append(data),
    );
  }

  /** The run's row is in the database: from now on the run ends by being saved. */
  adopt(): void {
    const lines = this.linesBeforeRow;
    this.linesBeforeRow = null;
    if (lines) this.write(lines);
    this.markAdopted();
  }

  /** The run's row was never written: closes the connection to the model, and saves nothing. */
  discard(): void {
    this.ending ??= Promise.resolve();
    this.abort.abort(ENDED);
    this.markAdopted();
    this.markAnswering(false);
    this.markSaved();
  }

  /** Adds one custom event. */
  appendEvent(event: StreamEvent): void {
    this.append(formatLine('2', [event]));
  }

  /**
   * Ends the run: closes the connection to the model, saves the message, however long that takes, and
   * tells the readers. Only the first call counts. Resolves when the readers have been told.
   */
  finish(outcome: Outcome): Promise<void> {
    this.ending ??= this.end(outcome);
    return this.ending;
  }

  /**
   * Resolves with true when every line so far has been shown, or will never be; with false where another process has
   * taken the run over: what this one still has is then neither written nor shown.
   */
  flush(): Promise<boolean> {
    const shown = new Promise<true>((resolve) => {
      // An empty frame is shown after all that went before it.
      const frame = { seq: this.nextSeq++, data: '' };
      this.writeAhead.write(this.writer, frame, () => resolve(true));
    });
    return Promise.race([shown, this.lost, this.refused]);
  }

  /**
   * Another process has taken the run over: closes the connection to the model, and lets readers have
   * the stored end.
   */
  lose(wasShownAhead = false): void {
    this.wasShownAhead ||= wasShownAhead;
    this.markLost();
    this.ending ??= this.yieldToOwner();
  }

  /** Whether the log ends where the run does; otherwise the database alone has the run's end. */
  get hasWholeLog(): boolean {
    return !this.wasShownAhead && this.hasEnd;
  }

  private async end(outcome: Outcome): Promise<void> {
    // What an abort listener still appends counts: the frame that is waited for comes behind it.
    this.abort.abort(ENDED);
    this.markAnswering(false);
    await this.adopted;
    if (!(await this.flush())) return await this.yieldToOwner();
    const lines = splitLines(this.log.text());
    const folded = foldRun(this.row.id, lines, outcome.status);
    const { parts, documents, closing, finishReason, usage } = folded;
    const annotation: RunEndedAnnotation = {
      type: 'run-ended',
      status: outcome.status,
      modelRef: this.row.modelRef,
      ...(outcome.error && { error: outcome.error.toBody() }),
      ...(usage && { usage }),
      finishReason: outcome.finishReason ?? finishReason ?? undefined,
    };
    const final = { row: this.row, parts, documents, closing, annotation };
    const late = setTimeout(() => this.log.markUnsaved(), UNSAVED_AFTER_MS);
    const saved = this.writeAhead.settle(this.row.id).then(() => this.finalize(final));
    const kept = await Promise.race([saved, this.lost]);
    clearTimeout(late);
    if (!kept) return await this.yieldToOwner();
    this.markSaved();
    this.log.append(kept.closing + formatEnding(kept.annotation));
    this.hasEnd = true;
    this.log.end();
  }

  /** Ends the log with what the new owner of the run has stored behind the lines that were shown. */
  private async yieldToOwner(): Promise<void> {
    this.abort.abort(ENDED);
    this.markAnswering(false);
    logger.warn({ runId: this.row.id }, 'Another process has taken this run over');
    try {
      if (!this.wasShownAhead) await this.readStoredEnd();
    } catch (error) {
      // The log ends without its last line: readers follow again, from the database.
      logger.warn({ err: error, runId: this.row.id }, 'The stored end of a run could not be read');
    }
    this.log.end();
    this.markSaved();
  }

  private async readStoredEnd(): Promise<void> {
    for await (const piece of readDatabase(this.row.id, this.log.lines)) {
      if (piece === '\n') continue;
      this.log.append(piece);
      this.hasEnd = splitLines(piece).at(-1)?.startsWith('d:') ?? false;
    }
  }
}
