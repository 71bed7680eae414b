'use client';

import { X } from 'lucide-react';
import { memo, useState } from 'react';
import { ChartView } from '@/artifacts/code/execution/chart-view';
import {
  EXECUTION_TIMEOUT_MS,
  MAX_OUTPUT_BYTES,
  MAX_OUTPUT_LINES,
  type OutputItem,
} from '@/artifacts/code/execution/protocol';
import { countImageElements, MAX_RENDERED_ELEMENTS } from '@/artifacts/code/execution/svg-cost';
import type { Execution } from '@/artifacts/code/execution/use-execution';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { withBreaks } from '@/components/ui/long-words';
import { Spinner } from '@/components/ui/spinner';
import { Tooltip } from '@/components/ui/tooltip';
import { useStickToEnd } from '@/lib/client/browser/use-stick-to-end';
import { formatCount } from '@/lib/shared/format-count';

type OutputProps = {
  execution: Execution;
  onClose: () => void;
  onGoToLine: (line: number) => void;
};

/** The output of a program, displayed below it. */
export function OutputPanel({ execution, onClose, onGoToLine }: OutputProps) {
  const { scrollRef, contentRef } = useStickToEnd();
  const isActive = execution.status === 'loading' || execution.status === 'running';
  return (
    <section aria-label="Output" className="flex max-h-[45%] min-h-24 shrink-0 flex-col border-t">
      <header className="flex h-9 shrink-0 items-center gap-2 pr-2 pl-4 text-muted-foreground text-xs">
        <span className="font-medium text-foreground">Output</span>
        {isActive && <Spinner label="" className="size-3" />}
        <p
          role="status"
          className={cn(
            'min-w-0 flex-1 truncate',
            isUnsuccessful(execution) && 'text-warning-text',
          )}
        >
          {statusText(execution)}
        </p>
        <Tooltip label="Close output">
          <Button variant="ghost" size="icon-xs" aria-label="Close output" onClick={onClose}>
            <X />
          </Button>
        </Tooltip>
      </header>
      <div
        ref={scrollRef}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling needs keyboard access
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto overscroll-contain bg-code"
      >
        <div
          ref={contentRef}
          className="grid gap-1 px-4 py-2.5 font-mono text-[0.8125rem] leading-normal"
        >
          {execution.output.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: output is append-only
            <OutputItemView key={index} item={item} onGoToLine={onGoToLine} />
          ))}
          {execution.output.length === 0 && !isActive && (
            <p className="font-sans text-muted-foreground">The program printed nothing.</p>
          )}
        </div>
      </div>
    </section>
  );
}

function isUnsuccessful({ status }: Execution): boolean {
  return !['loading', 'running', 'done'].includes(status);
}

function statusText({ status, ms }: Execution): string {
  switch (status) {
    case 'loading':
      return 'Starting…';
    case 'running':
      return 'Running…';
    case 'done':
      return `Finished in ${formatSeconds(ms)}`;
    case 'failed':
      return 'Ended with an error';
    case 'stopped':
      return 'Stopped';
    case 'timeout':
      return `Stopped: the time limit is ${EXECUTION_TIMEOUT_MS / 1000} seconds`;
    case 'output-limit':
      return `Stopped: the output limit is ${MAX_OUTPUT_LINES.toLocaleString('en')} lines or ${MAX_OUTPUT_BYTES / 1e6} MB`;
    case 'load-failed':
      return 'Couldn’t load the runtime. Check the connection, then run the program again.';
  }
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`;
}

type ItemProps = { item: OutputItem; onGoToLine: (line: number) => void };

const OutputItemView = memo(function OutputItemView({ item, onGoToLine }: ItemProps) {
  switch (item.type) {
    case 'text':
      return (
        <pre
          className={cn(
            'wrap-anywhere whitespace-pre-wrap',
            item.stream === 'stderr' && 'text-warning-text',
          )}
        >
          {withBreaks(item.text.replace(/\n$/, ''))}
        </pre>
      );
    case 'value':
      return (
        <pre className="wrap-anywhere whitespace-pre-wrap">
          <span aria-hidden="true" className="select-none text-muted-foreground">
            →{' '}
          </span>
          {withBreaks(item.text)}
        </pre>
      );
    case 'error':
      return <ProgramError text={item.text} line={item.line} onGoToLine={onGoToLine} />;
    case 'table':
      return <Table {...item} />;
    case 'image':
      return <OutputImage source={item.source} />;
    case 'chart':
      return <ChartView chart={item.chart} />;
  }
});

/** The largest bitmap to render, in pixels: 100 MB of memory. A small file may decode to far more. */
const MAX_PIXELS = 25_000_000;

/** Rendered in the app's own page: an SVG of exponentially nested `use` elements would block it. */
function OutputImage({ source }: { source: string }) {
  const [status, setStatus] = useState<'loading' | 'accepted' | 'too-large'>('loading');
  if (status === 'too-large' || countImageElements(source) > MAX_RENDERED_ELEMENTS) {
    return (
      <p className="font-sans text-warning-text">
        An image was left out because it would take too long to render.
      </p>
    );
  }
  const isVector = source.startsWith('data:image/svg');
  return (
    // biome-ignore lint/performance/noImgElement: the source is a data: URL
    <img
      src={source}
      alt="Output of the program"
      // Hidden until its dimensions are known: a hidden image is not decoded.
      hidden={status === 'loading'}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
        setStatus(isVector || naturalWidth * naturalHeight <= MAX_PIXELS ? 'accepted' : 'too-large')
      }
      onError={() => setStatus('accepted')}
      className="max-w-full rounded-md bg-white"
    />
  );
}

function ProgramError({
  text,
  line,
  onGoToLine,
}: { text: string; line: number | null } & Pick<ItemProps, 'onGoToLine'>) {
  return (
    <div className="text-destructive-text">
      <pre className="wrap-anywhere whitespace-pre-wrap">{withBreaks(text)}</pre>
      {line !== null && (
        <Button variant="link" className="font-sans text-xs" onClick={() => onGoToLine(line)}>
          Go to line {line}
        </Button>
      )}
    </div>
  );
}

function Table({ columns, rows, omittedRowCount }: Extract<OutputItem, { type: 'table' }>) {
  const cell = 'whitespace-pre border px-2 py-0.5 text-left align-top';
  return (
    <div className="overflow-x-auto">
      <table className="border-collapse text-xs">
        <thead>
          <tr>
            {columns.map((name, index) => {
              // The column of row numbers has no name.
              const Cell = name === '' ? 'td' : 'th';
              return (
                <Cell
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns may have the same name
                  key={index}
                  scope={name === '' ? undefined : 'col'}
                  className={cn(cell, 'bg-muted font-medium')}
                >
                  {name}
                </Cell>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows never move
            <tr key={index}>
              {row.map((text, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells never move
                <td key={column} className={cell}>
                  {withBreaks(text)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {omittedRowCount > 0 && (
        <p className="pt-1 font-sans text-muted-foreground text-xs">
          {formatCount(omittedRowCount, 'more row')}
        </p>
      )}
    </div>
  );
}
