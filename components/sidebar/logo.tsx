/** The mark: one line that loops and goes on. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" className={className}>
      <path
        d="M1.500 15.500c4.300 0 5.600-1.100 7.100-4.100C10.200 8.300 11.400 5.500 14 5.500c2.200 0 3.600 1.700 3.600 3.800 0 2.300-1.700 4.100-4 4.100-2.100 0-3.600-1.200-4.400-2.600M13.600 13.400c2.300 1.400 5 2.100 8.900 2.100"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
