import './globals.css';
import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { PageErrorBoundary } from '@/components/shell/page-error-boundary';
import { ThemeProvider } from '@/components/theme/theme-provider';
import { Toaster } from '@/components/ui/toaster';
import { APPEARANCE_COOKIE, parseAppearance } from '@/lib/protocol/appearance-cookie';
import { NONCE_HEADER } from '@/lib/server/http/content-security-policy';

/**
 * For the wordmark and the title of an empty chat only: the letters of English and German, from
 * @fontsource/newsreader 5.3.0 (SIL Open Font License, see fonts/newsreader-LICENSE.txt), written by
 * fontTools' pyftsubset without hinting. It is preloaded, and used if it arrives before the first
 * paint or shortly after: a later swap would move the text and count as a second largest paint.
 */
const newsreader = localFont({
  src: './fonts/newsreader-500.woff2',
  weight: '500',
  display: 'optional',
  adjustFontFallback: 'Times New Roman',
  variable: '--font-newsreader',
});

export const metadata: Metadata = {
  title: { default: 'Throughline', template: '%s · Throughline' },
  description: 'A chat whose answers cannot be lost.',
  applicationName: 'Throughline',
  manifest: '/manifest.webmanifest',
  icons: { icon: [{ url: '/icon.svg', type: 'image/svg+xml' }], apple: '/icon-192.png' },
  formatDetection: { telephone: false },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  // A phone's on-screen keyboard shrinks the page, so that the composer stays above it.
  interactiveWidget: 'resizes-content',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfaf8' },
    { media: '(prefers-color-scheme: dark)', color: '#121617' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get(NONCE_HEADER) ?? undefined;
  const cookie = (await cookies()).get(APPEARANCE_COOKIE);
  const { textSize, columnWidth } = parseAppearance(cookie?.value);
  return (
    // The theme script sets the class before React hydrates.
    <html
      lang="en"
      className={newsreader.variable}
      data-text-size={textSize}
      data-column-width={columnWidth}
      suppressHydrationWarning
    >
      <body>
        <ThemeProvider nonce={nonce}>
          <PageErrorBoundary>{children}</PageErrorBoundary>
          <Toaster />
        </ThemeProvider>
      </body>
    </html>
  );
}
