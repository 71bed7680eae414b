/** Marks the built-in scripted model, so that users do not mistake it for a real one. */
export function DemoBadge() {
  return (
    <span className="shrink-0 rounded-sm border border-warning-text/40 px-1 font-medium text-[0.6875rem] text-warning-text leading-4">
      Demo
    </span>
  );
}
