'use client';

import { unstable_rethrow, usePathname, useRouter } from 'next/navigation';
import { type ReactNode, startTransition } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { PageError } from '@/components/ui/page-error';

type PageErrorBoundaryProps = {
  /** Displayed above the error, within the layout. Without it, the error fills the window. */
  header?: ReactNode;
  children: ReactNode;
};

/**
 * Catches the errors of pages, until the user navigates. Used instead of error.tsx: Next.js loads
 * every error.tsx with the first page, each in a chunk of its own with a copy of what it imports.
 */
export function PageErrorBoundary({ header, children }: PageErrorBoundaryProps) {
  const router = useRouter();
  const pathname = usePathname();
  return (
    <ErrorBoundary
      resetKeys={[pathname]}
      fallbackRender={({ error, resetErrorBoundary }) => {
        // Redirects and missing pages, which the router handles.
        unstable_rethrow(error);
        const retry = () =>
          startTransition(() => {
            router.refresh();
            resetErrorBoundary();
          });
        const message = <PageError error={Object(error)} retry={retry} />;
        if (!header) return <main className="grid min-h-dvh">{message}</main>;
        return (
          <>
            {header}
            {message}
          </>
        );
      }}
    >
      {children}
    </ErrorBoundary>
  );
}
