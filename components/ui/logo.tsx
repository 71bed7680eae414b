/** The logo: a continuous line with a loop. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" className={className}>
      <path
        d="M1.5 15.5c4.3 0 5.6-1.1 7.1-4.1C10.2 8.3 11.4 5.5 14 5.5c2.2 0 3.6 1.7 3.6 3.8 0 2.3-1.7 4.1-4 4.1-2.1 0-3.6-1.2-4.4-2.6M13.6 13.4c2.3 1.4 5 2.1 8.9 2.1"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
