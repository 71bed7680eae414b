import { formatCount } from '@/lib/shared/format-count';

type ExcessNoticeProps = {
  /** Characters over the limit. */
  excess: number;
  limit: number;
  /** For the field's `aria-describedby`. */
  id?: string;
  className?: string;
};

/**
 * Says that a field's text exceeds its limit. Mounted while it does. Screen readers announce the
 * limit once, when it is passed: the count, which every key changes, is outside the live region.
 */
export function ExcessNotice({ excess, limit, id, className }: ExcessNoticeProps) {
  return (
    <p id={id} className={className}>
      <span role="alert">Too long: the limit is {formatCount(limit, 'character')}.</span> Remove{' '}
      {formatCount(excess, 'character')}.
    </p>
  );
}
