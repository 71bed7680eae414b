'use client';

import './version-line.css';
import { cn } from '@/components/ui/class-names';
import { Tooltip } from '@/components/ui/tooltip';
import type { VersionSummary } from '@/lib/protocol/api';

/** Knots on each side of the current one; more would not fit into the title row. */
const MAX_KNOTS_PER_SIDE = 3;

type VersionLineProps = {
  /** Newest first. */
  versions: readonly VersionSummary[];
  currentVersion: number;
  onShow: (version: number) => void;
};

/**
 * The versions as knots on a line, the oldest one at its start. The knots next to the current one
 * are buttons. A mouse can choose the others, too; keys and fingers reach them one by one.
 */
export function VersionLine({ versions, currentVersion, onShow }: VersionLineProps) {
  const older = versions.filter(({ version }) => version < currentVersion);
  const newer = versions.filter(({ version }) => version > currentVersion).reverse();
  const [previous, ...earlier] = older.slice(0, MAX_KNOTS_PER_SIDE);
  const [next, ...later] = newer.slice(0, MAX_KNOTS_PER_SIDE);
  const renderKnot = ({ version, createdAt }: VersionSummary) => (
    // biome-ignore lint/a11y/noStaticElementInteractions: for a mouse; the buttons reach every version.
    <span
      key={version}
      role="presentation"
      title={`Version ${version}, ${new Date(createdAt).toLocaleString('en')}`}
      onClick={() => onShow(version)}
      className="knot h-8 cursor-pointer pointer-coarse:pointer-events-none"
    />
  );
  return (
    <div className="version-line flex items-center">
      {earlier.reverse().map(renderKnot)}
      <NeighborButton label="Previous version" neighbor={previous} onShow={onShow} />
      <span aria-hidden="true" className="knot current h-8" />
      <NeighborButton label="Next version" neighbor={next} onShow={onShow} />
      {later.map(renderKnot)}
    </div>
  );
}

type NeighborButtonProps = {
  label: string;
  /** Undefined at an end of the line. */
  neighbor: VersionSummary | undefined;
  onShow: (version: number) => void;
};

function NeighborButton({ label, neighbor, onShow }: NeighborButtonProps) {
  return (
    <Tooltip label={label} side="bottom">
      <button
        type="button"
        aria-label={label}
        aria-disabled={!neighbor}
        onClick={() => neighbor && onShow(neighbor.version)}
        className={cn(
          'knot h-8 rounded-sm pointer-coarse:h-11',
          neighbor ? 'cursor-pointer' : 'cursor-default',
        )}
      />
    </Tooltip>
  );
}
